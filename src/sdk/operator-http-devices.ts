// The operator's view of HTTP devices: profiles of their kinds, unknown ones that wait for approval, gateway tokens.

import type { CallOptions, Given } from './http.ts';
import {
  type Caller,
  eachItem,
  getPage,
  jsonBody,
  type OperatorOrder,
  type PageOptions,
  within,
} from './operator-call.ts';
import type {
  ApprovedDevice,
  DeviceApproval,
  DeviceProfiles,
  GatewayToken,
  HeldDevice,
  HeldDevicePage,
} from './wire.gen.ts';

export type Profile = DeviceProfiles['profiles'][number];

export class OperatorHttpDevices {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** How the kinds of device of an account behave. */
  async profiles(accountName: string, options: CallOptions = {}): Promise<readonly Profile[]> {
    const path = within(accountName, '/profiles');
    return ((await this.#call({ method: 'GET', path, ...options })) as DeviceProfiles).profiles;
  }

  /** Replaces all of them; the first that fits a device counts. */
  async putProfiles(
    accountName: string,
    profiles: readonly Given<Profile>[],
    options: CallOptions = {},
  ): Promise<readonly Profile[]> {
    const path = within(accountName, '/profiles');
    const answer = await this.#call({ method: 'PUT', path, ...jsonBody({ profiles }), ...options });
    return (answer as DeviceProfiles).profiles;
  }

  /** Makes a new gateway token, which is shown this once; the one before stops working. */
  async rotateGatewayToken(accountName: string, options: OperatorOrder = {}): Promise<GatewayToken> {
    const path = within(accountName, '/gateway-token');
    return (await this.#call({ method: 'POST', path, ...options })) as GatewayToken;
  }

  async deleteGatewayToken(accountName: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: within(accountName, '/gateway-token'), ...options });
  }

  /** One page of the unknown devices that polled. */
  async held(accountName: string, options: PageOptions = {}): Promise<HeldDevicePage> {
    return (await this.#call(getPage(within(accountName, '/held-devices'), options))) as HeldDevicePage;
  }

  eachHeld(accountName: string, options: PageOptions = {}): AsyncGenerator<HeldDevice, void, undefined> {
    return eachItem((page) => this.held(accountName, page), options);
  }

  /** Takes a held device into the account. */
  async approve(
    accountName: string,
    imei: string,
    facts: Given<DeviceApproval> = {},
    options: OperatorOrder = {},
  ): Promise<ApprovedDevice> {
    const path = heldPath(accountName, imei, '/approve');
    return (await this.#call({ method: 'POST', path, ...jsonBody(facts), ...options })) as ApprovedDevice;
  }

  /** The device stays outside; it is remembered as refused. */
  async refuse(accountName: string, imei: string, options: OperatorOrder = {}): Promise<HeldDevice> {
    const path = heldPath(accountName, imei, '/refuse');
    return (await this.#call({ method: 'POST', path, ...options })) as HeldDevice;
  }

  /** Forgets it; its next poll lists it again. */
  async forget(accountName: string, imei: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: heldPath(accountName, imei), ...options });
  }
}

const heldPath = (accountName: string, imei: string, rest = ''): string =>
  within(accountName, `/held-devices/${encodeURIComponent(imei)}${rest}`);
