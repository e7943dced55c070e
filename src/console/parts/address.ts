// What is looked for stands in the address of a page, so that it can be passed on and found again.

import { useNavigate, useSearch } from '@tanstack/react-router';
import { useEffect, useState } from 'react';
import { clock } from '../clock.ts';

export type Wanted = Readonly<Record<string, string>>;

/** Absent and empty are the same. */
export function useWanted(): readonly [wanted: Wanted, want: (change: Wanted) => void] {
  const wanted: Wanted = useSearch({ strict: false });
  const navigate = useNavigate();
  const want = (change: Wanted): void => {
    const next = Object.entries({ ...wanted, ...change }).filter(([, value]) => value !== '');
    void navigate({ to: '.', search: Object.fromEntries(next), replace: true });
  };
  return [wanted, want];
}

/** So long after the last key a text is looked for (milliseconds). */
const TYPED_MS = 300;

/** The text as it is typed, and told once it stays. */
export function useTyped(value: string, tell: (text: string) => void): readonly [string, (text: string) => void] {
  const [text, setText] = useState(value);
  // biome-ignore lint/correctness/useExhaustiveDependencies: only another text begins the wait anew
  useEffect(() => (text === value ? undefined : clock.after(TYPED_MS, () => tell(text.trim()))), [text]);
  useEffect(() => setText((now) => (now.trim() === value ? now : value)), [value]);
  return [text, setText];
}
