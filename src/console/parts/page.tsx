// The frame of a page: its title in the window and on top, what can be done beside it; panels, empty states, facts.

import { type ReactNode, useEffect } from 'react';

export function useTitle(title: string): void {
  useEffect(() => {
    document.title = `${title} · Campanile`;
  }, [title]);
}

interface PageProps {
  readonly title: string;
  /** Beside the title, like a state. */
  readonly mark?: ReactNode;
  readonly subtitle?: ReactNode;
  readonly actions?: ReactNode;
  readonly children: ReactNode;
}

export function Page({ title, mark, subtitle, actions, children }: PageProps): ReactNode {
  useTitle(title);
  return (
    <div className="page">
      <header className="page-head">
        <div className="page-titles">
          <h1>
            <span>{title}</span> {mark}
          </h1>
          {subtitle === undefined ? null : <div className="dimmed">{subtitle}</div>}
        </div>
        {actions === undefined ? null : <div className="page-actions">{actions}</div>}
      </header>
      {children}
    </div>
  );
}

interface PanelProps {
  readonly title?: string;
  readonly aside?: ReactNode;
  readonly children: ReactNode;
}

export function Panel({ title, aside, children }: PanelProps): ReactNode {
  return (
    <section className="panel" aria-label={title}>
      {title === undefined ? null : (
        <div className="panel-head">
          <h2>{title}</h2>
          {aside}
        </div>
      )}
      {children}
    </section>
  );
}

/** Nothing is here, and what to do next. */
export function Empty({ title, children }: { readonly title: string; readonly children?: ReactNode }): ReactNode {
  return (
    <div className="empty">
      <p className="empty-title">{title}</p>
      {children === undefined ? null : <div className="empty-next">{children}</div>}
    </div>
  );
}

/** Facts by name. Those without a value are left out. */
export function Facts({
  facts,
}: {
  readonly facts: readonly (readonly [name: string, value: ReactNode])[];
}): ReactNode {
  const known = facts.filter(([, value]) => value !== undefined && value !== null && value !== '');
  if (known.length === 0) return null;
  return (
    <dl className="facts">
      {known.map(([name, value]) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>{value}</dd>
        </div>
      ))}
    </dl>
  );
}
