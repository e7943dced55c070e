// Short messages in the corner: what was done, and what the server refused, in its own sentence.

import { Notification } from '@mantine/core';
import { type ReactNode, useSyncExternalStore } from 'react';
import { clock } from '../clock.ts';
import { sentenceOf } from './failure.tsx';

interface Toast {
  readonly id: number;
  readonly kind: 'done' | 'refused';
  readonly text: string;
}

const SHOWN_MS = 6_000;
const TOASTS_MAX = 4;

let toasts: readonly Toast[] = [];
let lastId = 0;
const listeners = new Set<() => void>();

function replace(next: readonly Toast[]): void {
  toasts = next;
  for (const tell of listeners) tell();
}

function add(kind: Toast['kind'], text: string): void {
  lastId += 1;
  const toast = { id: lastId, kind, text };
  replace([...toasts, toast].slice(-TOASTS_MAX));
  // A refusal stays until it was read.
  if (kind === 'done') clock.after(SHOWN_MS, () => drop(toast.id));
}

const drop = (id: number): void => replace(toasts.filter((one) => one.id !== id));

export const toast = {
  done: (text: string): void => add('done', text),
  refused: (error: unknown): void => add('refused', sentenceOf(error)),
} as const;

function subscribe(listener: () => void): () => void {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

export function Toasts(): ReactNode {
  const shown = useSyncExternalStore(subscribe, () => toasts);
  return (
    <section className="toasts" aria-label="Messages">
      {shown.map(({ id, kind, text }) => (
        <Notification
          key={id}
          color={kind === 'done' ? 'green' : 'red'}
          title={kind === 'done' ? undefined : 'Refused'}
          withBorder
          role={kind === 'done' ? 'status' : 'alert'}
          closeButtonProps={{ 'aria-label': 'Dismiss' }}
          onClose={() => drop(id)}
        >
          {text}
        </Notification>
      ))}
    </section>
  );
}
