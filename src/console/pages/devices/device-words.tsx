// How the console speaks of a device: what it runs and since when that is known, when it was heard and should be again.

import type { ReactNode } from 'react';
import type { DeviceView } from '../../../sdk/operator.ts';
import { PARTS } from '../../parts/campaign-words.ts';
import { awayText, Time, useNow } from '../../parts/time.tsx';

/** Its make and model in words. */
export function kindOf({ make = '', model = '' }: DeviceView): string {
  return `${make} ${model}`.trim() || 'make and model unknown';
}

/** Firmware first, then software by name. */
function versionsOf({ firmware, software }: DeviceView): readonly (readonly [what: string, version: string])[] {
  const parts = Object.entries(software);
  return firmware === undefined || firmware === '' ? parts : [['firmware', firmware], ...parts];
}

export function Versions({ device }: { readonly device: DeviceView }): ReactNode {
  const versions = versionsOf(device);
  const [only] = versions;
  if (only === undefined) return <span className="dimmed">unknown</span>;
  return (
    <>
      {versions.map(([what, version]) => (
        <div key={what}>
          <span className="strong">{version}</span>
          {versions.length === 1 && what === 'firmware' ? null : <span className="dimmed small"> {what}</span>}
        </div>
      ))}
      <div className="dimmed small">
        {device.versionReadAt === undefined ? (
          'as imported'
        ) : (
          <>
            read <Time at={device.versionReadAt} mode="short" />
          </>
        )}
      </div>
    </>
  );
}

export function LastSeen({ device: { lastSeenAt } }: { readonly device: DeviceView }): ReactNode {
  return lastSeenAt === undefined ? <span className="dimmed">never</span> : <Time at={lastSeenAt} mode="short" />;
}

/** So long after its time a device is called late: it may be on its way. */
const LATE_MS = 60_000;

/** Late, where it should have been heard by now. */
export function NextContact({ device: { nextContactBy } }: { readonly device: DeviceView }): ReactNode {
  const now = useNow();
  if (nextContactBy === undefined) return <span className="dimmed">–</span>;
  const at = Date.parse(nextContactBy);
  return at < now - LATE_MS ? (
    <span className="late">late, {awayText(at, now)}</span>
  ) : (
    <Time at={nextContactBy} mode="short" />
  );
}

const FILL: ReadonlyMap<string, string> = new Map(
  PARTS.flatMap(({ states, fill }) => states.map((state) => [state, fill])),
);

export function StateMark({ state }: { readonly state: string }): ReactNode {
  return (
    <span className="state">
      <span className={`state-dot fill-${FILL.get(state) ?? 'waiting'}`} aria-hidden="true" />
      {state}
    </span>
  );
}

export function Labels({ labels }: { readonly labels: DeviceView['labels'] }): ReactNode {
  return (
    <span className="tags">
      {Object.entries(labels).map(([name, value]) => (
        <span key={name} className="tag">
          {value === '' ? name : `${name}=${value}`}
        </span>
      ))}
    </span>
  );
}
