// The writes of a change that concern licences and devices that join by themselves.
import type { Write } from '../campaigns/index.ts';

const OPS = ['insert-licence', 'delete-licence', 'replace-pool', 'insert-joiner', 'delete-joiner'] as const;

export type NeighbourWrite = Extract<Write, { readonly op: (typeof OPS)[number] }>;

export const isNeighbourWrite = (write: Write): write is NeighbourWrite => OPS.some((op) => op === write.op);
