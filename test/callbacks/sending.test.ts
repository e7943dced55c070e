/** One callback on a real socket: signed, never to an inner address unasked, never redirected, never long or large. */
import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { secretText } from '../../src/callbacks/index.ts';
import { ACCOUNT, listener, NOW } from '../conformance/given.ts';
import { Desk } from './desk.ts';
import { Listening } from './listening.ts';

const lastError = async (desk: Desk) => (await desk.store.deliveries(ACCOUNT, { max: 1 }))[0]?.error;

describe('a callback', () => {
  test('is signed by the new secret and, for a while, by the old one', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    const keys = [Buffer.alloc(24, 7), Buffer.alloc(24, 8)];
    const [secret = '', old = ''] = keys.map(secretText);
    const until = (NOW + 60_000) as typeof NOW;
    await desk.store.putListener(listener('v3', { url: customer.url, secret, previous: { secret: old, until } }));
    await desk.phase('scheduled');
    await desk.wait(60_000);
    await desk.phase('ended');
    const signatures = customer.heard.map(({ headers, text }) => {
      const signed = `${headers['webhook-id']}.${headers['webhook-timestamp']}.${text}`;
      const right = keys.map((key) => `v1,${createHmac('sha256', key).update(signed).digest('base64')}`);
      return [String(headers['webhook-signature']), right.join(' ')];
    });
    expect(signatures[0]?.[0]).toBe(signatures[0]?.[1]);
    expect(signatures[1]?.[0]).toBe(signatures[1]?.[1]?.split(' ')[0]);
    expect(customer.heard[0]?.headers['webhook-timestamp']).toBe(String(NOW / 1_000));
    expect(customer.heard[0]?.headers['content-type']).toBe('application/json');
  });

  test('goes to no inner address unless the account allows it, and the refusal says how', async () => {
    await using customer = await Listening.open();
    for (const host of ['127.0.0.1', 'localhost', 'customer.example', '[::1]', '[::ffff:127.0.0.1]']) {
      const desk = await Desk.open(`http://${host}:${customer.port}/`, ['10.0.0.0/8']);
      await desk.phase('scheduled');
      expect(await lastError(desk)).toContain('allowPrivateCallbackHosts');
    }
    expect(customer.heard).toEqual([]);
    const desk = await Desk.open(`http://customer.example:${customer.port}/`, ['customer.example']);
    await desk.phase('scheduled');
    expect(customer.heard[0]?.headers.host).toBe(`customer.example:${customer.port}`);
  });

  test('connects to the address that was looked up and judged; a name is asked for once', async () => {
    await using customer = await Listening.open();
    let asked = 0;
    const desk = await Desk.open(`http://rebinding.example:${customer.port}/`, [], async () => {
      asked += 1;
      // Public when it is judged, ours when it is used: the second answer never comes.
      return [{ address: asked === 1 ? '10.9.9.9' : '127.0.0.1', family: 4 }];
    });
    await desk.phase('scheduled');
    expect([asked, customer.heard]).toEqual([1, []]);
    expect(await lastError(desk)).toContain('10.9.9.9 is a private address');
  });

  test('of which one address is inner goes to the other', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(`http://two.example:${customer.port}/`, ['127.0.0.0/8'], async () => [
      { address: '10.9.9.9', family: 4 },
      { address: '127.0.0.1', family: 4 },
    ]);
    await desk.phase('scheduled');
    expect(customer.numbers).toEqual([1]);
  });

  test('is not redirected', async () => {
    await using customer = await Listening.open();
    await using elsewhere = await Listening.open();
    customer.answer = (_, response) => response.writeHead(307, { location: elsewhere.url }).end();
    const desk = await Desk.open(customer.url);
    await desk.phase('scheduled');
    expect(await lastError(desk)).toContain('redirects are not followed');
    expect(elsewhere.heard).toEqual([]);
  });

  test('has its status, however long the answer is', async () => {
    await using customer = await Listening.open();
    let written = 0;
    customer.answer = (_, response) => {
      response.writeHead(200);
      const more = (): void => {
        written += 1;
        if (!response.destroyed) response.write(Buffer.alloc(64 * 1024), more);
      };
      more();
    };
    const desk = await Desk.open(customer.url);
    await desk.phase('scheduled');
    expect(await desk.store.deliveries(ACCOUNT, { max: 1 })).toMatchObject([{ outcome: 'delivered', status: 200 }]);
    expect(written).toBeLessThan(200);
  });

  test('that is not answered in time has failed, also when the host is never found', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    customer.answer = () => desk.timers.fire();
    await desk.phase('scheduled');
    expect(await lastError(desk)).toBe('no answer within 10 seconds');
    const lost = await Desk.open('http://lost.example/', [], async () => {
      queueMicrotask(() => lost.timers.fire());
      return new Promise(() => undefined);
    });
    await lost.phase('scheduled');
    expect(await lastError(lost)).toBe('no answer within 10 seconds');
  });

  test('to a port where nobody listens has failed with the reason', async () => {
    const closed = await Listening.open();
    const { url } = closed;
    await closed[Symbol.asyncDispose]();
    const desk = await Desk.open(url);
    await desk.phase('scheduled');
    expect(await lastError(desk)).toContain('ECONNREFUSED');
  });

  test('can be tried by a test event, which costs no number', async () => {
    await using customer = await Listening.open();
    const desk = await Desk.open(customer.url);
    const allowed = ['127.0.0.1'];
    expect(await desk.sender.test(listener('v2', { url: customer.url }), allowed)).toMatchObject({
      ok: true,
      status: 204,
    });
    expect(customer.heard[0]?.body).toMatchObject({
      type: 'campaignStatus',
      status: 'CampaignRequestPending',
      number: 0,
    });
    expect(await desk.sender.test(listener('v2', { url: customer.url }), [])).toMatchObject({ ok: false });
    expect(await desk.store.deliveries(ACCOUNT, { max: 1 })).toEqual([]);
  });
});
