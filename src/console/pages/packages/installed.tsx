// Of the devices of a package's make and model: how many run the old version, the new one, another, or nobody knows.

import type { ReactNode } from 'react';
import type { PackageView } from '../../../sdk/operator.ts';
import { PageLink } from '../../parts/link.tsx';

const SHARES = [
  ['to', 'on it', 'fill-succeeded'],
  ['from', 'before it', 'fill-busy'],
  ['neither', 'on another', 'fill-rejected'],
  ['unknown', 'unknown', 'fill-ended'],
] as const;

export function Installed({ account, pack }: { readonly account: string; readonly pack: PackageView }): ReactNode {
  const { installed, make, model, to } = pack;
  const total = SHARES.reduce((sum, [name]) => sum + installed[name], 0);
  if (total === 0) return <span className="dimmed">no such device</span>;
  const words = SHARES.filter(([name]) => installed[name] > 0);
  const kind = `make=${encodeURIComponent(make)}&model=${encodeURIComponent(model)}`;
  return (
    <>
      <div
        className="bar"
        role="img"
        aria-label={`Of ${total} devices: ${words.map(([name, word]) => `${installed[name]} ${word}`).join(', ')}`}
      >
        {words.map(([name, , fill]) => (
          <span key={name} className={fill} style={{ width: `${(installed[name] / total) * 100}%` }} />
        ))}
      </div>
      <div className="small number">
        <PageLink to={`/${account}/devices?${kind}&version=${encodeURIComponent(to)}`}>
          {installed.to.toLocaleString('en')} on it
        </PageLink>{' '}
        <span className="dimmed">
          of <PageLink to={`/${account}/devices?${kind}`}>{total.toLocaleString('en')}</PageLink>
        </span>
      </div>
    </>
  );
}
