// The limits of a server, for those who run into one.

import { z } from 'zod';
import type { Operation } from './operation.ts';
import { FOR_VIEWERS } from './roles.ts';
import { named } from './schema.ts';

export const LimitView = named(
  'LimitView',
  z.object({
    name: z.string(),
    value: z.int().describe('On this server.'),
    default: z.int(),
    sentence: z.string().describe('What it bounds.'),
    min: z.int().describe('The least that it can be set to; absent: it is fixed.').exactOptional(),
    max: z.int().exactOptional(),
  }),
);
export type LimitView = z.infer<typeof LimitView>;
export const LimitList = named('LimitList', z.object({ items: z.array(LimitView) }));

export const LIMIT_OPERATIONS = {
  listLimits: {
    ...FOR_VIEWERS,
    operationId: 'listLimits',
    tag: 'Server',
    summary: 'List the limits of this server.',
    method: 'GET',
    path: '/operator/v1/limits',
    success: { status: 200, schema: LimitList },
  },
} as const satisfies Record<string, Operation>;
