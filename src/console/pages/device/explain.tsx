// Why the device stands where it stands: the verdict first, then what is next, what would help, and the whole text.

import { Badge } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { CampanileError, type ExplanationView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { Busy } from '../../parts/busy.tsx';
import { Failure } from '../../parts/failure.tsx';
import { PageLink } from '../../parts/link.tsx';
import { Facts, Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';

interface ExplainProps {
  readonly account: string;
  readonly imei: string;
}

export function Explain({ account, imei }: ExplainProps): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'devices', 'explain', imei),
    queryFn: ({ signal }) => client.explain.device(account, imei, { signal }),
  });
  // A server that is older than this console does not explain.
  if (error instanceof CampanileError && error.status === 404) return null;
  return (
    <Panel title="Why" {...(data === undefined ? {} : { aside: <Verdict verdict={data.verdict} /> })}>
      {error === null ? null : <Failure error={error} again={() => void refetch()} />}
      {data === undefined && error === null ? <Busy what="Asking" /> : null}
      {data === undefined ? null : <Explanation account={account} explanation={data} />}
    </Panel>
  );
}

const COLORS: Readonly<Record<ExplanationView['verdict'], string>> = {
  WAITING: 'blue',
  OFFERED: 'blue',
  DOWNLOADING: 'cyan',
  DOWNLOADED: 'cyan',
  INSTALLING: 'cyan',
  VERIFYING: 'cyan',
  SUCCEEDED: 'green',
  FAILED: 'red',
  REJECTED: 'orange',
  CANCELLED: 'gray',
  ABORTED: 'gray',
  EXPIRED: 'orange',
  'NOT IN A CAMPAIGN': 'gray',
  'UNKNOWN DEVICE': 'orange',
};

function Verdict({ verdict }: { readonly verdict: ExplanationView['verdict'] }): ReactNode {
  return (
    <Badge color={COLORS[verdict]} variant="light" radius="sm">
      {verdict.toLowerCase()}
    </Badge>
  );
}

function Explanation({
  account,
  explanation,
}: {
  readonly account: string;
  readonly explanation: ExplanationView;
}): ReactNode {
  const { sentence, text, rule, ruleText, nextEligible, ifMissed, usualInterval, unblock, attempt } = explanation;
  const { refused, residue, fits, nearest } = explanation;
  return (
    <>
      <p className="lead">{sentence}</p>
      <Facts
        facts={[
          [
            nextEligible?.is === 'opening' ? 'Allowed from' : 'Next chance',
            nextEligible === undefined ? undefined : (
              <>
                <Time at={nextEligible.at} />{' '}
                <span className="dimmed small">
                  {nextEligible.local} in {nextEligible.zone}
                </span>
              </>
            ),
          ],
          ['If it misses that', ifMissed],
          ['What would help', sentence.includes(unblock) ? undefined : unblock],
          ['Rule', ruleText ?? rule],
          ['Attempt', attempt === undefined ? undefined : `${attempt.number} of ${attempt.max}`],
          [
            'Usually heard',
            usualInterval === undefined
              ? undefined
              : `every ${intervalText(usualInterval.seconds)}, ${usualInterval.measuredOn === 0 ? 'assumed' : `measured on ${usualInterval.measuredOn}`}`,
          ],
          ['Turned away', refused],
          ['Left over', residue],
        ]}
      />
      <Links account={account} fits={fits} nearest={nearest} />
      <details>
        <summary>As text, to pass on</summary>
        <pre className="text">{text}</pre>
      </details>
    </>
  );
}

interface LinksProps extends Pick<ExplanationView, 'fits' | 'nearest'> {
  readonly account: string;
}

function Links({ account, fits, nearest }: LinksProps): ReactNode {
  return (
    <>
      {nearest.length === 0 ? null : (
        <div>
          Was one of these meant?
          <ul className="plain-list">
            {nearest.map(({ imei, how }) => (
              <li key={imei}>
                <PageLink to={`/${account}/devices/${imei}`}>{imei}</PageLink>{' '}
                <span className="dimmed small">{how}</span>
              </li>
            ))}
          </ul>
        </div>
      )}
      {fits.length === 0 ? null : (
        <div>
          Campaigns that fit it:
          <ul className="plain-list">
            {fits.map((id) => (
              <li key={id}>
                <PageLink to={`/${account}/campaigns/${id}`}>{id}</PageLink>
              </li>
            ))}
          </ul>
        </div>
      )}
    </>
  );
}

function intervalText(seconds: number): string {
  if (seconds < 120) return `${Math.round(seconds)} s`;
  if (seconds < 7_200) return `${Math.round(seconds / 60)} min`;
  return seconds < 172_800 ? `${Math.round(seconds / 3_600)} h` : `${Math.round(seconds / 86_400)} days`;
}
