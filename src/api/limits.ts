// Operator API: the limits of this server, each with its default, what it bounds, and whether it can be set.
import { boundsOf, LIMIT_SENTENCES, LIMITS, type LimitName } from '../contract/index.ts';
import type { Handler } from './call.ts';

const NAMES = Object.keys(LIMITS) as readonly LimitName[];

const listLimits: Handler<'listLimits'> = async (_call, { limits }) => ({
  items: NAMES.map((name) => ({
    name,
    value: limits[name],
    default: LIMITS[name],
    sentence: LIMIT_SENTENCES[name],
    ...boundsOf(name),
  })),
});

export const LIMIT_HANDLERS = { listLimits } as const;
