// What would become of a campaign: when it is done, who will miss it and why, who is refused, how many bytes in which hour.

import { Alert } from '@mantine/core';
import { type ReactNode, useMemo } from 'react';
import type { PredictionView } from '../../sdk/operator.ts';
import { Facts } from './page.tsx';
import { Plot } from './plot.tsx';
import { Time } from './time.tsx';

const NAMED_MAX = 5;
const HOUR_MS = 3_600_000;

export function Prediction({ prediction }: { readonly prediction: PredictionView }): ReactNode {
  const { devices, succeeded, failed, late, refused, finish, halfDone, firstInstall, notes, sampled } = prediction;
  const lateCount = late.reduce((sum, one) => sum + one.devices, 0);
  const refusedCount = refused.reduce((sum, one) => sum + one.devices, 0);
  return (
    <div className="stack">
      <p>
        <strong className="number">{succeeded.devices.toLocaleString('en')}</strong> of{' '}
        <span className="number">{(devices + refusedCount).toLocaleString('en')}</span> devices get there,{' '}
        <strong className="number">{lateCount.toLocaleString('en')}</strong> miss the end,{' '}
        <strong className="number">{refusedCount.toLocaleString('en')}</strong> are refused
        {failed.devices === 0 ? '' : `, ${failed.devices.toLocaleString('en')} fail`}.
      </p>
      <Facts
        facts={[
          [
            'First install',
            firstInstall === undefined ? undefined : (
              <Instant
                key="first"
                at={firstInstall.at}
                aside={`${firstInstall.local} in ${firstInstall.zone}`}
                basis={firstInstall.basis}
              />
            ),
          ],
          [
            'Half done by',
            halfDone === undefined ? undefined : <Instant key="half" at={halfDone.p50} basis={halfDone.basis} />,
          ],
          [
            'Done by, in half of all cases',
            finish === undefined ? undefined : <Instant key="p50" at={finish.p50} basis={finish.basis} />,
          ],
          [
            'Done by, in nine of ten',
            finish === undefined ? undefined : <Instant key="p90" at={finish.p90} basis={finish.basis} />,
          ],
        ]}
      />
      <Named title="Will miss the end" list={late.map(({ sentence, ...one }) => ({ ...one, why: sentence }))} />
      <Named title="Refused" list={refused.map(({ reasonText, ...one }) => ({ ...one, why: reasonText }))} />
      <Traffic prediction={prediction} />
      {sampled === undefined ? null : (
        <p className="dimmed small">
          Played with {sampled.played.toLocaleString('en')} of {sampled.of.toLocaleString('en')} devices; counts are
          scaled up.
        </p>
      )}
      {notes.map((note) => (
        <p key={note} className="dimmed small">
          {note}
        </p>
      ))}
    </div>
  );
}

interface InstantProps {
  readonly at: string;
  readonly aside?: string;
  readonly basis: string;
}

function Instant({ at, aside, basis }: InstantProps): ReactNode {
  return (
    <>
      <Time at={at} /> <span className="dimmed small">{aside === undefined ? basis : `${aside}, ${basis}`}</span>
    </>
  );
}

interface NamedProps {
  readonly title: string;
  readonly list: readonly { readonly why: string; readonly devices: number; readonly named: readonly string[] }[];
}

function Named({ title, list }: NamedProps): ReactNode {
  if (list.length === 0) return null;
  return (
    <Alert color="yellow" title={title}>
      <ul className="plain-list">
        {list.map(({ why, devices, named }) => (
          <li key={why}>
            <strong className="number">{devices.toLocaleString('en')}</strong> × {why}{' '}
            <span className="small number">
              {named.slice(0, NAMED_MAX).join(', ')}
              {devices > NAMED_MAX ? ' …' : ''}
            </span>
          </li>
        ))}
      </ul>
    </Alert>
  );
}

const MEGABYTE = 1_000_000;

function Traffic({ prediction: { hours, trafficBasis } }: { readonly prediction: PredictionView }): ReactNode {
  const times = useMemo(() => hours.flatMap(({ from }) => [Date.parse(from), Date.parse(from) + HOUR_MS - 1]), [hours]);
  const lines = useMemo(() => {
    const values = hours.flatMap(({ bytes }) => [bytes / MEGABYTE, bytes / MEGABYTE]);
    return [{ word: 'MB in the hour', color: '--state-busy', values }];
  }, [hours]);
  if (hours.length === 0) return null;
  return (
    <div className="stack-tight">
      <h3>Megabytes by the hour, in UTC</h3>
      <Plot label="Megabytes by the hour" times={times} lines={lines} />
      <p className="dimmed small">Traffic is {trafficBasis}.</p>
    </div>
  );
}
