// The first lines of a list as the table that it is, with a mark on those that would be refused.

import { Badge } from '@mantine/core';
import type { ReactNode } from 'react';
import type { DeviceImportResult } from '../../../sdk/operator.ts';

const LINES_MAX = 20;

interface PreviewProps {
  readonly csv: string;
  readonly refused: DeviceImportResult['rejected'];
}

export function Preview({ csv, refused }: PreviewProps): ReactNode {
  const lines = csv.split(/\r?\n/, LINES_MAX * 2).filter((line) => line.trim() !== '');
  const [head = '', ...body] = lines;
  const sign = head.split(';').length > head.split(',').length ? ';' : ',';
  const names = cellsOf(head, sign);
  const whose = names.findIndex((name) => name.trim().toLowerCase() === 'imei');
  const bad = new Set(refused.map(({ imei }) => imei));
  return (
    <details>
      <summary>The first lines</summary>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls can be scrolled by keyboard */}
      <section className="table-room" tabIndex={0} aria-label="The first lines">
        <table className="table">
          <thead>
            <tr>
              <th scope="col">Outcome</th>
              {names.map((name) => (
                <th key={name} scope="col">
                  {name}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {body.slice(0, LINES_MAX).map((line) => {
              const cells = cellsOf(line, sign);
              const isBad = bad.has(cells[whose]?.trim() ?? '');
              return (
                <tr key={line}>
                  <td>
                    <Badge color={isBad ? 'red' : 'green'} variant="light" radius="sm" tt="none">
                      {isBad ? 'refused' : 'stored'}
                    </Badge>
                  </td>
                  {names.map((name, place) => (
                    <td key={name}>{cells[place]}</td>
                  ))}
                </tr>
              );
            })}
          </tbody>
        </table>
      </section>
    </details>
  );
}

/** Only to be looked at: the server reads the list by itself. */
const cellsOf = (line: string, sign: string): readonly string[] =>
  [...line.matchAll(new RegExp(`(?:"((?:[^"]|"")*)"|([^${sign}]*))(?:${sign}|$)`, 'g'))]
    .map(([, quoted, plain = '']) => quoted?.replaceAll('""', '"') ?? plain)
    .slice(0, line.split(sign).length);
