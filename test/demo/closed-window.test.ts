// On real sockets: while its window is shut a campaign reaches no device, and it starts within seconds of the opening.
import { expect, test } from 'vitest';
import { systemClock } from '../../src/simulator/index.ts';
import { type Served, serve } from './child.ts';
import {
  ACCOUNT,
  days,
  directory,
  FROM,
  openStage,
  type Schedule,
  type Stage,
  scheduleBoth,
  switchOn,
  TO,
  until,
  updatesOf,
} from './stage.ts';

const COUNT = { lwm2m: 4, secure: 2, http: 4 };
const DEVICES = COUNT.lwm2m + COUNT.http;
const POLLS = 5 * COUNT.http;
const WITHIN_MS = 20_000;

const DAY_MS = 86_400_000;

/**
 * An hour that neither is now nor begins before this test has ended. Late in the day it is tomorrow's: a campaign of today
 * whose hour has gone by counts as started, and then the hours of firmware cannot be changed any more.
 */
function shut(): Schedule {
  const now = systemClock.now();
  const hour = new Date(now).getUTCHours();
  const startTime = (hour + 2) % 24;
  return { hours: [{ startTime, endTime: startTime + 1 }], startingAt: hour < 22 ? now : now + DAY_MS };
}

test('a shut window lets no link, URI, byte or Execute out; its opening starts the campaign within seconds', {
  timeout: 50_000,
}, async () => {
  await using data = await directory();
  await using server = await serve(data.path);
  const stage = await openStage(data.path, server, COUNT);
  await using fleet = switchOn(stage, server, 300);
  const ids = await scheduleBoth(stage, shut());
  await until(
    () => updatesOf(stage, ids),
    ({ length }) => length === DEVICES,
    WITHIN_MS,
  );
  await until(
    () => figures(server),
    ({ polls, registrations }) => polls >= POLLS && registrations === COUNT.lwm2m,
    WITHIN_MS,
  );
  const before = await figures(server);
  await until(
    () => figures(server),
    ({ polls }) => polls >= before.polls + POLLS,
    WITHIN_MS,
  );

  for (const device of fleet.devices())
    expect(device).toMatchObject({ bytes: 0, downloads: 0, installsBegun: 0, runningVersion: FROM });
  const waiting = await updatesOf(stage, ids);
  expect(waiting.map(({ state, attempt }) => ({ state, attempt }))).toEqual(
    Array.from({ length: DEVICES }, () => ({ state: 'waiting', attempt: 0 })),
  );
  for (const imei of Object.keys(stage.ddiTokens).filter((one) => isHttp(stage, one)))
    expect(await linksOf(server, stage, imei)).not.toContain('deploymentBase');
  expect(await intentsSent(server)).not.toMatch(/offer|execute/);

  await open(stage, ids);
  await until(
    () => fleet.devices(),
    (devices) => devices.every(({ runningVersion }) => runningVersion === TO),
    WITHIN_MS,
  );
  expect(await server.stop()).toBe(0);
});

const isHttp = ({ devices }: Stage, imei: string): boolean =>
  devices.some((device) => device.imei === imei && device.transport === 'HTTP');

async function open({ customer }: Stage, [firmware = '', software = '']: readonly string[]): Promise<void> {
  const always = [{ startTime: 0, endTime: 24 }];
  await customer.campaigns.changeCampaignDatesTime(ACCOUNT, firmware, { ...days(), campaignTimeWindowList: always });
  await customer.campaigns.changeCampaignDatesAndTimeWindows(ACCOUNT, software, {
    ...days(),
    downloadTimeWindowList: always,
    installTimeWindowList: always,
  });
}

async function linksOf({ http }: Served, { ddiTokens }: Stage, imei: string): Promise<readonly string[]> {
  const headers = { authorization: `TargetToken ${ddiTokens[imei]}` };
  const answer = await fetch(`${http}/${ACCOUNT}/controller/v1/${imei}`, { headers });
  const { _links = {} } = (await answer.json()) as { readonly _links?: object };
  return Object.keys(_links);
}

async function metrics({ http }: Served): Promise<string> {
  return (await fetch(`${http}/metrics`)).text();
}

/** What the server has counted: polls of HTTP devices, LwM2M devices that are registered. */
async function figures(server: Served): Promise<{ readonly polls: number; readonly registrations: number }> {
  const text = await metrics(server);
  const polls =
    /^campanile_http_request_duration_seconds_count\{route="[^"]*controller[^"]*:imei\/?",method="GET",status="2xx"\} (\d+)/m;
  const registrations = /^campanile_lwm2m\{what="registrations"\} (\d+)/m;
  return { polls: Number(polls.exec(text)?.[1] ?? 0), registrations: Number(registrations.exec(text)?.[1] ?? 0) };
}

async function intentsSent(server: Served): Promise<string> {
  return (await metrics(server))
    .split('\n')
    .filter((line) => line.startsWith('campanile_intents_total'))
    .join('\n');
}
