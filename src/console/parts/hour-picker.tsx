// The hours of a day as 24 switches, with the choices that are made most.

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { HOURS, hoursOf, type Windows, windowsOf, windowsText } from './hours.ts';

const USUAL: readonly (readonly [word: string, windows: Windows])[] = [
  ['Always', []],
  [
    'Night, 22 to 6',
    [
      { startTime: 0, endTime: 6 },
      { startTime: 22, endTime: 24 },
    ],
  ],
  ['Early, 2 to 5', [{ startTime: 2, endTime: 5 }]],
];

interface HourPickerProps {
  readonly label: string;
  readonly value: Windows;
  readonly change: (windows: Windows) => void;
}

export function HourPicker({ label, value, change }: HourPickerProps): ReactNode {
  const hours = hoursOf(value);
  const toggle = (hour: number): void => {
    // From `always`, the first hour that is chosen is the only one.
    const next = new Set(value.length === 0 ? [hour] : hours);
    if (value.length > 0 && !next.delete(hour)) next.add(hour);
    change(windowsOf(next.size === 0 ? new Set(HOURS) : next));
  };
  return (
    <fieldset className="plain-fieldset">
      <legend>
        {label}: <strong>{windowsText(value)}</strong>
      </legend>
      <div className="table-room">
        <div className="hours">
          {HOURS.map((hour) => (
            <button
              key={hour}
              type="button"
              className="hour"
              aria-pressed={value.length > 0 && hours.has(hour)}
              aria-label={`${label} from ${hour} to ${hour + 1}`}
              onClick={() => toggle(hour)}
            >
              {hour}
            </button>
          ))}
        </div>
      </div>
      <div className="row">
        {USUAL.map(([word, windows]) => (
          <Button key={word} size="compact-xs" variant="default" onClick={() => change(windows)}>
            {word}
          </Button>
        ))}
      </div>
    </fieldset>
  );
}
