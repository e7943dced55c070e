// Many simulated devices on real sockets, against any server.

import { Agent as PlainAgent } from 'node:http';
import { Agent as TlsAgent } from 'node:https';
import type { DeviceReport, DeviceSpec } from '../device/index.ts';
import { type Clock, systemClock } from './clock.ts';
import { type Agents, DdiDevice, type DdiServer } from './ddi-device.ts';
import type { Address, Psk } from './link.ts';
import { Lwm2mDevice, type Lwm2mHome } from './lwm2m-device.ts';
import type { DeviceParts, FleetLog } from './ports.ts';

export interface FleetOptions {
  /** `host:port`; needed for LwM2M devices. */
  readonly coap?: string;
  /** `host:port` with DTLS; needed for LwM2M devices that have the trait `coaps`. */
  readonly coaps?: string;
  /** IMEI to identity and key, of the devices that speak DTLS. */
  readonly psks?: Readonly<Record<string, Psk>>;
  /** `http://host:port`; needed for HTTP devices. */
  readonly http?: string;
  /** The tenant of the HTTP devices. */
  readonly account: string;
  readonly devices: readonly DeviceSpec[];
  /** IMEI to `TargetToken`; a device without one sends none. */
  readonly ddiTokens?: Readonly<Record<string, string>>;
  /** HTTP devices poll so often, whatever the server says. */
  readonly pollOverrideMs?: number;
  readonly log?: FleetLog;
  readonly clock?: Clock;
}

export interface Fleet extends AsyncDisposable {
  /** How the devices are now, in the order in which they were given. */
  devices(): readonly DeviceReport[];
  /** Switches everything off and closes every socket. */
  stop(): Promise<void>;
}

interface Running {
  start(): void;
  stop(): void;
  report(): DeviceReport;
}

const SILENT: FleetLog = { event: () => undefined };

/** Throws when an address is missing that one of the devices needs. */
export function startFleet(options: FleetOptions): Fleet {
  const { clock = systemClock, log = SILENT } = options;
  const agents: Agents = { plain: new PlainAgent({ keepAlive: true }), tls: new TlsAgent({ keepAlive: true }) };
  const parts: DeviceParts = { clock, log };
  // No socket is opened before every device is known to have its server.
  const makers = options.devices.map((spec): (() => Running) => {
    if (spec.transport === 'LWM2M') {
      const home = homeOf(spec, options);
      return () => new Lwm2mDevice(spec, home, parts);
    }
    const server = ddiServerOf(spec, options, agents);
    return () => new DdiDevice(overridden(spec, options.pollOverrideMs), server, parts);
  });
  const running = makers.map((make) => make());
  for (const device of running) device.start();

  const stop = async (): Promise<void> => {
    for (const device of running.toReversed()) device.stop();
    agents.plain.destroy();
    agents.tls.destroy();
  };
  return { devices: () => running.map((device) => device.report()), stop, [Symbol.asyncDispose]: stop };
}

function overridden(spec: DeviceSpec, pollMs: number | undefined): DeviceSpec {
  return pollMs === undefined ? spec : { ...spec, pace: { ...spec.pace, pollMs, pollMsMax: pollMs } };
}

function ddiServerOf(spec: DeviceSpec, { http, account, ddiTokens }: FleetOptions, agents: Agents): DdiServer {
  if (http === undefined || !URL.canParse(http)) {
    throw new Error(`HTTP devices need the address of their server as "http://host:port", not "${http ?? ''}"`);
  }
  const baseUrl = `${http.replace(/\/+$/, '')}/${encodeURIComponent(account)}/controller/v1/${spec.imei}`;
  return { baseUrl, token: ddiTokens?.[spec.imei], agents };
}

function homeOf({ imei, traits }: DeviceSpec, { coap, coaps, psks }: FleetOptions): Lwm2mHome {
  if (!traits.includes('coaps')) return { address: addressOf(coap) };
  const psk = psks?.[imei];
  if (psk === undefined) throw new Error(`the device ${imei} speaks DTLS and has no key`);
  return { address: addressOf(coaps), psk };
}

function addressOf(coap: string | undefined): Address {
  const [, host, port] = /^\[?([^\]]+?)\]?:(\d{1,5})$/.exec(coap ?? '') ?? [];
  if (host === undefined) {
    throw new Error(`LwM2M devices need the address of their server as "host:port", not "${coap ?? ''}"`);
  }
  return { host, port: Number(port) };
}
