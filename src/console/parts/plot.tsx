// A plot of lines over time, drawn by uPlot in the colours of the page.

import { useMantineColorScheme } from '@mantine/core';
import { type ReactNode, useEffect, useRef } from 'react';
import uPlot from 'uplot';

export interface Line {
  readonly word: string;
  /** A custom property with its colour. */
  readonly color: string;
  readonly values: readonly (number | null)[];
}

interface PlotProps {
  readonly label: string;
  /** Milliseconds since 1970, rising. */
  readonly times: readonly number[];
  readonly lines: readonly Line[];
}

const HEIGHT = 240;
/** Counts jump; a slope between two of them would claim devices that were not. */
const STEPPED = uPlot.paths.stepped === undefined ? {} : { paths: uPlot.paths.stepped({ align: 1 }) };

export function Plot({ label, times, lines }: PlotProps): ReactNode {
  const room = useRef<HTMLDivElement>(null);
  const { colorScheme } = useMantineColorScheme();
  // biome-ignore lint/correctness/useExhaustiveDependencies: other colours are another drawing
  useEffect(() => {
    const place = room.current;
    if (place === null) return undefined;
    const seconds = times.map((at) => at / 1_000);
    const plot = new uPlot(optionsFor(place, lines), [seconds, ...lines.map(({ values }) => [...values])], place);
    const watcher = new ResizeObserver(() => plot.setSize({ width: place.clientWidth, height: HEIGHT }));
    watcher.observe(place);
    return () => {
      watcher.disconnect();
      plot.destroy();
    };
  }, [times, lines, colorScheme]);
  return <div className="plot" ref={room} role="img" aria-label={label} />;
}

function optionsFor(place: HTMLElement, lines: readonly Line[]): uPlot.Options {
  const style = getComputedStyle(place);
  const color = (name: string): string => style.getPropertyValue(name).trim();
  const axis: uPlot.Axis = {
    stroke: color('--mantine-color-dimmed'),
    grid: { stroke: color('--line'), width: 1 },
    ticks: { stroke: color('--line'), width: 1 },
    font: '12px system-ui, sans-serif',
  };
  return {
    width: place.clientWidth,
    height: HEIGHT,
    tzDate: (seconds) => uPlot.tzDate(new Date(seconds * 1_000), 'Etc/UTC'),
    fmtDate: () => (date) =>
      `${String(date.getHours()).padStart(2, '0')}:${String(date.getMinutes()).padStart(2, '0')}:${String(date.getSeconds()).padStart(2, '0')} UTC`,
    axes: [
      { ...axis, values: axisTimes, space: 70 },
      { ...axis, incrs: [1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 10_000, 100_000] },
    ],
    scales: { y: { range: (_plot, _low, high) => [0, Math.max(1, high * 1.05)] } },
    series: [
      { label: 'Time' },
      ...lines.map(({ word, color: name }) => ({
        label: word,
        stroke: color(name),
        width: 2,
        points: { show: false },
        ...STEPPED,
      })),
    ],
  };
}

const DAY_S = 86_400;

/** Hours within a day or two, days beyond; UTC as everywhere. */
function axisTimes(_plot: uPlot, splits: number[]): string[] {
  const span = (splits.at(-1) ?? 0) - (splits[0] ?? 0);
  const options: Intl.DateTimeFormatOptions =
    span > 2 * DAY_S
      ? { day: 'numeric', month: 'short' }
      : { hour: '2-digit', minute: '2-digit', ...(span < 600 ? { second: '2-digit' } : {}), hourCycle: 'h23' };
  const format = new Intl.DateTimeFormat('en-GB', { ...options, timeZone: 'UTC' });
  const words = splits.map((seconds) => format.format(seconds * 1_000));
  return words.map((word, place) => (word === words[place - 1] ? '' : word));
}
