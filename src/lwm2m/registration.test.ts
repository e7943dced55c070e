// Registration as devices really do it, and link lists in every spelling.

import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { CODE, codeName } from './codes.ts';
import { formatLinks, parseLinks } from './linkformat.ts';
import { type Request, request } from './message.ts';
import { OPTION, pathOf, pathOptions, textOption, uintOption } from './options.ts';
import {
  deregisterRequest,
  imeiOfEndpoint,
  locationOf,
  offeredBy,
  parseRegistration,
  queueModeAfter,
  registered,
  registerRequest,
  unknownLocation,
  updateRequest,
} from './registration.ts';
import { utf8Bytes, utf8Text } from './utf8.ts';

function post(path: string, queries: readonly string[], body = '', code: number = CODE.POST): Request {
  const options = [...pathOptions(path), ...queries.map((query) => textOption(OPTION.URI_QUERY, query))];
  return request(code, options, utf8Bytes(body));
}

const linksOf = (text: string) => {
  const parsed = parseLinks(text);
  return parsed.ok ? parsed.links : `${parsed.at}: ${parsed.reason}`;
};

describe('registration', () => {
  test('a LwM2M 1.0 device with a root attribute, bare objects and both spellings of ver is understood', () => {
    const body = '</>;rt="oma.lwm2m";ct=110,</1>;ver=1.1,</3/0>;ver="1.2",</5/0>,</2>';
    const read = parseRegistration(post('/rd', ['ep=urn:imei:990000862471854', 'lt=300', 'b=UQ'], body));
    expect(read).toEqual({
      type: 'register',
      register: {
        endpoint: 'urn:imei:990000862471854',
        lifetimeSeconds: 300,
        version: '1.0',
        binding: 'UQ',
        queueMode: true,
        sms: undefined,
        profile: undefined,
        root: '',
        formats: [110],
        objects: [
          { object: 1, instance: undefined, version: '1.1' },
          { object: 3, instance: 0, version: '1.2' },
          { object: 5, instance: 0, version: undefined },
          { object: 2, instance: undefined, version: undefined },
        ],
      },
    });
  });

  test('a 1.1 device names queue mode by itself, its objects may live below a root, strange queries are ignored', () => {
    const body = '</lwm2m/>;rt="oma.lwm2m";ct="60 110",</lwm2m/3/0>,</other/9/9>';
    const read = parseRegistration(post('/rd', ['ep=a', 'lwm2m=1.1', 'Q', 'sms=+4912', 'pid=7'], body));
    expect(read).toMatchObject({
      type: 'register',
      register: {
        queueMode: true,
        lifetimeSeconds: 86_400,
        root: '/lwm2m',
        formats: [60, 110],
        sms: '+4912',
        profile: '7',
      },
    });
    expect(read.type === 'register' && read.register.objects).toEqual([{ object: 3, instance: 0, version: undefined }]);
  });

  test('a refusal says which part was wrong and what would be right', () => {
    const refusal = (...queries: string[]) => {
      const read = parseRegistration(post('/rd', queries));
      return read.type === 'refused' ? `${codeName(read.answer.code)}: ${utf8Text(read.answer.payload)}` : read.type;
    };
    expect(refusal('lt=5')).toMatch(/^4.00 .* ep must name the endpoint/);
    expect(refusal('ep=a', 'lt=0')).toMatch(/^4.00 .* lt must be seconds .* not "0"/);
    expect(refusal('ep=a', 'lt=1e3')).toMatch(/not "1e3"/);
    expect(refusal('ep=a', 'b=XYZ')).toMatch(/^4.00 .* not "XYZ"/);
    expect(refusal('ep=a', 'lwm2m=2.0')).toMatch(/^4.12 .* "2.0" is not supported/);
    expect(parseRegistration(post('/rd', ['ep=a'], '</5/0'))).toMatchObject({
      type: 'refused',
      answer: { code: CODE.BAD_REQUEST },
    });
    const json = request(CODE.POST, [
      ...pathOptions('/rd'),
      uintOption(OPTION.CONTENT_FORMAT, 50),
      textOption(OPTION.URI_QUERY, 'ep=a'),
    ]);
    expect(parseRegistration(json)).toMatchObject({ answer: { code: CODE.UNSUPPORTED_FORMAT } });
  });

  test('updates by POST or PUT, the end by DELETE, everything else elsewhere', () => {
    expect(parseRegistration(post('/rd/5a', ['lt=60']))).toMatchObject({
      type: 'update',
      location: '5a',
      update: { lifetimeSeconds: 60, binding: undefined, namesQueue: false, offered: undefined },
    });
    expect(parseRegistration(post('/rd/5a', [], '</5/0>', CODE.PUT))).toMatchObject({
      update: { offered: { objects: [{ object: 5, instance: 0 }] } },
    });
    expect(parseRegistration(deregisterRequest('/rd/5a'))).toEqual({ type: 'deregister', location: '5a' });
    expect(parseRegistration(post('/rd/5a', ['lt=x']))).toMatchObject({ type: 'refused' });
    expect(parseRegistration(post('/rd/5a/b', []))).toMatchObject({ answer: { code: CODE.NOT_FOUND } });
    expect(parseRegistration(post('/rd', [], '', CODE.GET))).toMatchObject({
      answer: { code: CODE.METHOD_NOT_ALLOWED },
    });
    expect(parseRegistration(post('/f/token', [], '', CODE.GET))).toEqual({ type: 'other' });
    expect(unknownLocation().code).toBe(CODE.NOT_FOUND);
  });

  test('before 1.1 a binding ends the queue mode, later it says nothing about it', () => {
    const after = (version: string, queueMode: boolean, ...queries: string[]): boolean => {
      const read = parseRegistration(post('/rd/5a', queries));
      if (read.type !== 'update') throw new Error(read.type);
      return queueModeAfter({ version, queueMode }, read.update);
    };
    expect(after('1.0', true, 'b=U')).toBe(false);
    expect(after('1.0', false, 'b=UQ')).toBe(true);
    expect(after('1.0', true, 'lt=60')).toBe(true);
    expect(after('1.1', true, 'b=U')).toBe(true);
    expect(after('1.2', false, 'b=U', 'Q')).toBe(true);
    expect(after('1.1', false, 'b=U')).toBe(false);
    expect(parseRegistration(updateRequest('/rd/5a', { binding: 'UQ' }))).toMatchObject({
      update: { binding: 'UQ', namesQueue: true },
    });
  });

  test('what our own client sends is what our own server reads', () => {
    const links = [
      { target: '/', attributes: new Map([['rt', 'oma.lwm2m']]) },
      { target: '/5/0', attributes: new Map([['ver', '1.1']]) },
    ];
    const client = { endpoint: 'imei:1', lifetimeSeconds: 60, version: '1.0', queueMode: true, links } as const;
    expect(parseRegistration(registerRequest(client))).toMatchObject({
      register: { endpoint: 'imei:1', lifetimeSeconds: 60, binding: 'UQ', queueMode: true, objects: [{ object: 5 }] },
    });
    expect(parseRegistration(registerRequest({ ...client, version: '1.1' }))).toMatchObject({
      register: { binding: 'U', queueMode: true, version: '1.1' },
    });
    const location = locationOf(registered('5a3f'));
    expect(location).toBe('/rd/5a3f');
    expect(pathOf(updateRequest(location!).options)).toBe('/rd/5a3f');
    expect(parseRegistration(updateRequest(location!, { lifetimeSeconds: 9, links }))).toMatchObject({
      update: { lifetimeSeconds: 9, offered: { objects: [{ object: 5 }] } },
    });
  });

  test('the IMEI is found in each kind of endpoint name, and in nothing else', () => {
    const names = [
      'urn:imei:990000862471854',
      'URN:IMEI:99000086-247185-4',
      'urn:imei-msisdn:990000862471854-491701234567',
      'imei:990000862471854',
      '990000862471854',
    ];
    expect(names.map(imeiOfEndpoint)).toEqual(names.map(() => '990000862471854'));
    const others = [
      'urn:imei:99000086247185',
      'urn:dev:os:1-2',
      '990000862471854-5',
      'urn:imei-msisdn:990000862471854',
      '',
    ];
    expect(others.map(imeiOfEndpoint)).toEqual(others.map(() => undefined));
  });
});

describe('the link format', () => {
  test('an attribute may be bare, quoted with commas inside, or without a value', () => {
    expect(linksOf(' </a>;title="x, \\"y\\"; z";obs ; n=5 , </b>,')).toEqual([
      {
        target: '/a',
        attributes: new Map([
          ['title', 'x, "y"; z'],
          ['obs', ''],
          ['n', '5'],
        ]),
      },
      { target: '/b', attributes: new Map() },
    ]);
    expect(linksOf('')).toEqual([]);
    expect(linksOf('/a')).toMatch(/^0: A link begins/);
    expect(linksOf('</a></b>')).toMatch(/^4: Links are separated/);
  });

  test('what is formatted is parsed back, and no text makes it throw', () => {
    const name = fc.stringMatching(/^[a-z]{1,5}$/);
    const link = fc.record({
      target: fc.stringMatching(/^\/[a-z0-9/]{0,8}$/),
      attributes: fc.array(fc.tuple(name, fc.string({ maxLength: 10 })), { maxLength: 3 }).map((list) => new Map(list)),
    });
    fc.assert(
      fc.property(fc.array(link, { maxLength: 5 }), (links) => {
        expect(linksOf(formatLinks(links))).toEqual(links);
      }),
    );
    fc.assert(fc.property(fc.string({ unit: 'binary', maxLength: 60 }), (text) => void parseLinks(text)));
    fc.assert(
      fc.property(fc.stringMatching(/^[<>;,="\\ a1/]{0,40}$/), (text) => {
        const parsed = parseLinks(text);
        if (parsed.ok) offeredBy(parsed.links);
      }),
      { numRuns: 500 },
    );
  });

  test('a hostile list costs little', () => {
    const slashes = `<${'/'.repeat(60_000)}x>;rt="oma.lwm2m"`;
    expect(offeredBy(linksOf(slashes) as never).objects).toEqual([]);
    expect(linksOf(`</a>${' '.repeat(60_000)}x`)).toMatch('separated');
    expect(linksOf('</a>,'.repeat(2_000))).toMatch('more than 1024');
  });
});
