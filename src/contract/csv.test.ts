// Stories of device imports from spreadsheets, and a fuzz of the parser.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { DeviceItem, parseDevicesCsv } from './index.ts';

const IMEI = '990013907835573';

function itemsOf(csv: string): readonly unknown[] {
  const result = parseDevicesCsv(csv);
  if (!result.ok) return [result.sentence];
  return result.rows.map((row) => (row.ok ? DeviceItem.parse(row.item) : row.sentence));
}

test('a row becomes a device', () => {
  const csv = [
    'imei,make,model,transport,firmware,software.app,timeZone,psk.identity,psk.key,ddiToken,labels.site',
    `${IMEI},Acme,"Model ""One"", big",lwm2m,1.0,7,Europe/Berlin,dev-1,00112233445566778899AABBCCDDEEFF,tok,Bonn`,
    '',
  ].join('\r\n');
  expect(itemsOf(csv)).toEqual([
    {
      imei: IMEI,
      make: 'Acme',
      model: 'Model "One", big',
      transport: 'LWM2M',
      firmware: '1.0',
      software: { app: '7' },
      timeZone: 'Europe/Berlin',
      psk: { identity: 'dev-1', key: '00112233445566778899AABBCCDDEEFF' },
      ddiToken: 'tok',
      labels: { site: 'Bonn' },
    },
  ]);
});

test('a byte order mark, semicolons and old line ends make no difference', () => {
  const expected = [
    { imei: IMEI, make: 'Acme, Inc.' },
    { imei: IMEI, make: 'B' },
  ];
  expect(itemsOf(`\uFEFFimei;make\n${IMEI};Acme, Inc.\n${IMEI};B`)).toEqual(expected);
  expect(itemsOf(`imei,make\r${IMEI},"Acme, Inc."\r${IMEI},B\r`)).toEqual(expected);
});

test('an absent column leaves a field alone, an empty cell clears it', () => {
  expect(itemsOf(`imei,firmware,software.app,psk.identity,psk.key,transport\n${IMEI},,,,,`)).toEqual([
    { imei: IMEI, firmware: '', software: { app: '' }, psk: null },
  ]);
  expect(itemsOf(`imei,make\n${IMEI}`)).toEqual([{ imei: IMEI, make: '' }]);
});

describe('a refused file says why', () => {
  test.each([
    ['', 'given nothing, accepted: a header of imei, make'],
    [`imei,colour\n${IMEI},red`, 'given column "colour", accepted: imei, make'],
    ['make,model\nA,B', 'given no column imei'],
    ['imei,imei\n1,2', 'given column "imei" twice'],
    ['imei,software.\n1,2', 'given column "software."'],
    [`imei,make\n${IMEI},"Acme`, 'line 2 of the CSV: given a broken quoted field'],
  ])('%j', (csv, sentence) => {
    expect(itemsOf(csv)[0]).toContain(sentence);
  });

  test('a row with an IMEI that a spreadsheet rounded is refused with a hint, the others are not', () => {
    const rows = itemsOf(`imei,make\n9.90014E+14,A\n"9,90014E+14",A\n${IMEI},B\n${IMEI},B,C`);
    expect(rows[0]).toContain('line 2: imei: given "9.90014E+14"');
    expect(rows[0]).toContain('format the column as text');
    expect(rows[1]).toContain('given "9,90014E+14"');
    expect(rows[2]).toEqual({ imei: IMEI, make: 'B' });
    expect(rows[3]).toContain('line 5: given 3 cells, accepted: 2');
  });
});

test('whatever is in the file, the parser answers', () => {
  const piece = fc.constantFrom(
    'imei',
    'make',
    ',',
    ';',
    '"',
    '""',
    '\n',
    '\r\n',
    '\r',
    ' ',
    '\uFEFF',
    IMEI,
    'é',
    'software.a',
  );
  const files = fc.oneof(
    fc.string(),
    fc.array(piece, { maxLength: 40 }).map((pieces) => pieces.join('')),
  );
  fc.assert(
    fc.property(files, (csv) => {
      const result = parseDevicesCsv(csv);
      return result.ok ? result.rows.every((row) => row.line > 1) : result.sentence !== '';
    }),
    { numRuns: 500 },
  );
});

test('a quote that is never closed is refused, however much follows it', () => {
  expect(itemsOf(`imei\n"${'x'.repeat(20_000_000)}`)[0]).toContain('line 2 of the CSV: given a broken quoted field');
});

test('what was quoted comes back as it was', () => {
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, maxLength: 20, unit: 'grapheme' }),
      fc.constantFrom(',', ';'),
      (make, separator) => {
        const csv = `imei${separator}make\n${IMEI}${separator}"${make.replaceAll('"', '""')}"`;
        const result = parseDevicesCsv(csv);
        expect(result.ok && result.rows[0]?.ok && result.rows[0].item['make']).toBe(make);
      },
    ),
    { numRuns: 200 },
  );
});

test('fifty thousand rows are read without a wait', () => {
  const row = `${IMEI},Acme,One,LWM2M,"a ""quoted"" version"\n`;
  const result = parseDevicesCsv(`imei,make,model,transport,firmware\n${row.repeat(50_000)}`);
  expect(result.ok && result.rows.length).toBe(50_000);
});
