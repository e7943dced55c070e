// Operator API: news of an account as server-sent events, so that what is shown can be kept as it is.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { named, text } from './schema.ts';
import { AccountName } from './shared.ts';

export const LIVE_PATH = '/operator/v1/live';

export const LiveQuery = z.object({ account: AccountName });

/** `all`: more has changed than is told, or nobody knows what since the connection before. */
export const LIVE_SUBJECTS = ['campaign', 'all'] as const;

/** The data of an event `changed`. An event `alive` has none; it only says that the connection is. */
export const LiveChange = named(
  'LiveChange',
  z.object({ what: z.enum(LIVE_SUBJECTS), id: text(LIMITS.campaignIdLengthMax).exactOptional() }),
);
export type LiveChange = z.infer<typeof LiveChange>;
