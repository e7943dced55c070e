// The fields of days, hours, zone and rule, with the week that follows from them.

import { Radio, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { HourPicker } from './hour-picker.tsx';
import { ZONES } from './hours.ts';
import { WeekGrid } from './week-grid.tsx';
import type { When } from './when.ts';

interface WhenFieldsProps {
  readonly value: When;
  readonly change: (when: When) => void;
  /** A campaign that has started keeps its first day, its zone and its rule. */
  readonly hasStarted?: boolean;
}

const ZONE_OPTIONS = ZONES.map((zone) => ({
  value: zone,
  label: zone === 'device' ? 'Each device in its own zone' : zone,
}));

export function WhenFields({ value, change, hasStarted = false }: WhenFieldsProps): ReactNode {
  const set = (part: Partial<When>): void => change({ ...value, ...part });
  return (
    <div className="stack">
      <Days value={value} set={set} hasStarted={hasStarted} />
      <HourPicker
        label="Downloads"
        value={value.downloadWindows}
        change={(windows) => set({ downloadWindows: windows })}
      />
      <HourPicker
        label="Installs"
        value={value.installWindows}
        change={(windows) => set({ installWindows: windows })}
      />
      <AtTheClose value={value} set={set} hasStarted={hasStarted} />
      <WeekGrid
        startDate={value.startDate}
        endDate={value.endDate}
        zone={value.timeZone}
        downloads={value.downloadWindows}
        installs={value.installWindows}
      />
    </div>
  );
}

interface PartProps {
  readonly value: When;
  readonly set: (part: Partial<When>) => void;
  readonly hasStarted: boolean;
}

function Days({ value, set, hasStarted }: PartProps): ReactNode {
  return (
    <div className="row row-end">
      <TextInput
        className="grow"
        type="date"
        label="First day (UTC)"
        required
        disabled={hasStarted}
        value={value.startDate}
        onChange={(event) => set({ startDate: event.currentTarget.value })}
      />
      <TextInput
        className="grow"
        type="date"
        label="Last day (UTC)"
        required
        min={value.startDate}
        value={value.endDate}
        onChange={(event) => set({ endDate: event.currentTarget.value })}
      />
      <Select
        className="grow"
        label="Zone of the hours"
        data={ZONE_OPTIONS}
        searchable
        allowDeselect={false}
        limit={100}
        disabled={hasStarted}
        value={value.timeZone}
        onChange={(zone) => set({ timeZone: zone ?? value.timeZone })}
      />
    </div>
  );
}

function AtTheClose({ value, set, hasStarted }: PartProps): ReactNode {
  return (
    <Radio.Group
      label="When a window closes"
      value={value.rule}
      onChange={(rule) => set({ rule: rule === 'strict' ? 'strict' : 'start-before-close' })}
    >
      <div className="stack-tight">
        <Radio
          value="strict"
          label="Not one byte more: a transfer is cut and taken up again later"
          disabled={hasStarted}
        />
        <Radio value="start-before-close" label="A transfer that was begun inside may finish" disabled={hasStarted} />
      </div>
    </Radio.Group>
  );
}
