// Lists of devices as people paste and export them.
import { describe, expect, test } from 'vitest';
import { csvList, pastedList } from './device-list.ts';

const [ONE, TWO] = ['490154203237518', '356938035643809'];

describe('a pasted list', () => {
  test('is read whatever stands between the IMEIs', () => {
    expect(pastedList(`${ONE},\n ${TWO};`).imeis).toEqual([ONE, TWO]);
  });

  test('counts what is there twice and keeps what is no IMEI apart', () => {
    expect(pastedList(`${ONE} ${ONE} 12345`)).toEqual({ imeis: [ONE], repeated: 1, others: ['12345'] });
  });
});

describe('a CSV', () => {
  test('is read by its column imei', () => {
    expect(csvList(`make;IMEI\r\nAcme;"${ONE}"\r\nAcme;${TWO}\r\n`).imeis).toEqual([ONE, TWO]);
  });

  test('without a header is read by its first column', () => {
    expect(csvList(`${ONE},Acme\n${TWO},Acme`).imeis).toEqual([ONE, TWO]);
  });
});
