// The fourth step: how carefully it goes about it.

import { Radio, Switch, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { NumberField } from '../../parts/number-field.tsx';
import { type RolloutDraft, wavesOf } from './draft.ts';

interface RolloutStepProps {
  readonly rollout: RolloutDraft;
  readonly devices: number;
  readonly change: (rollout: RolloutDraft) => void;
}

const KINDS: readonly (readonly [kind: RolloutDraft['kind'], label: string, description: string])[] = [
  [
    'guarded',
    'All devices, guarded',
    'Every device as soon as it may; halts by itself when too many installations fail.',
  ],
  ['canary', 'A canary, then all', 'A few devices first. Everything else follows when they have shown enough.'],
  ['waves', 'A canary, then waves', 'After the canary one share of the devices after the other.'],
];

export function RolloutStep({ rollout, devices, change }: RolloutStepProps): ReactNode {
  const set = (part: Partial<RolloutDraft>): void => change({ ...rollout, ...part });
  const { kind, canaryDevices, waves, soakHours, needsApproval, arrivalsPerMinute } = rollout;
  const isStepped = kind !== 'guarded';
  return (
    <>
      <Kinds kind={kind} choose={(next) => set({ kind: next })} />
      <div className="filters">
        {isStepped ? (
          <NumberField
            label="Canary devices"
            description={
              canaryDevices < 36 ? 'Fewer than 36 cannot decide by themselves.' : `Of ${devices.toLocaleString('en')}.`
            }
            min={1}
            value={canaryDevices}
            onChange={(value) => set({ canaryDevices: Number(value) || 1 })}
          />
        ) : null}
        {kind === 'waves' ? (
          <TextInput
            label="Waves in percent"
            description="What is left over is the last wave."
            value={waves}
            error={wavesOf(waves) === undefined ? 'Percents of at most 100 in all, like 10, 30.' : undefined}
            onChange={(event) => set({ waves: event.currentTarget.value })}
          />
        ) : null}
        {isStepped ? (
          <NumberField
            label="Soak"
            description="Hours between two steps."
            min={0}
            value={soakHours}
            onChange={(value) => set({ soakHours: Number(value) || 0 })}
          />
        ) : null}
        <NumberField
          label="Arrivals per minute"
          description="Devices that may begin; empty is 1,000."
          min={1}
          value={arrivalsPerMinute ?? ''}
          onChange={(value) => set({ arrivalsPerMinute: value === '' ? undefined : Number(value) })}
        />
      </div>
      <Switch
        label={kind === 'waves' ? 'Somebody else approves each step' : 'Somebody else approves the start'}
        checked={needsApproval}
        onChange={(event) => set({ needsApproval: event.currentTarget.checked })}
      />
    </>
  );
}

interface KindsProps {
  readonly kind: RolloutDraft['kind'];
  readonly choose: (kind: RolloutDraft['kind']) => void;
}

function Kinds({ kind, choose }: KindsProps): ReactNode {
  return (
    <Radio.Group label="Order" value={kind} onChange={(value) => choose(value as RolloutDraft['kind'])}>
      <div className="cards">
        {KINDS.map(([value, label, description]) => (
          <div className="card" key={value}>
            <Radio value={value} label={<span className="strong">{label}</span>} description={description} />
          </div>
        ))}
      </div>
    </Radio.Group>
  );
}
