// What a change has changed: field by field, before and after.

import type { ReactNode } from 'react';

type Fields = Readonly<Record<string, unknown>>;

interface DifferenceProps {
  readonly before: Fields | undefined;
  readonly after: Fields | undefined;
}

export function Difference({ before = {}, after = {} }: DifferenceProps): ReactNode {
  const names = [...new Set([...Object.keys(before), ...Object.keys(after)])];
  const changed = names.filter((name) => worded(before[name]) !== worded(after[name]));
  if (changed.length === 0) return null;
  return (
    <details>
      <summary>
        {changed.length} {changed.length === 1 ? 'field' : 'fields'}
      </summary>
      <div className="change">
        <span className="dimmed">Field</span>
        <span className="dimmed">Before</span>
        <span className="dimmed">After</span>
        {changed.map((name) => (
          <Field key={name} name={name} before={worded(before[name])} after={worded(after[name])} />
        ))}
      </div>
    </details>
  );
}

function Field(props: { readonly name: string; readonly before: string; readonly after: string }): ReactNode {
  return (
    <>
      <span className="strong">{props.name}</span>
      <code>{props.before}</code>
      <code>{props.after}</code>
    </>
  );
}

function worded(value: unknown): string {
  if (value === undefined || value === null) return '–';
  return typeof value === 'string' ? value : JSON.stringify(value);
}
