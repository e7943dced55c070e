// The operator's devices: import, search, reading, changes, and what is known of one over time.

import type { CallOptions, Given } from './http.ts';
import {
  type Call,
  type Caller,
  devicePath,
  eachItem,
  getPage,
  jsonBody,
  type OperatorOrder,
  type PageOptions,
  within,
} from './operator-call.ts';
import type {
  CheckInPage,
  CheckInView,
  DeviceHistoryPage,
  DeviceImportResult,
  DeviceItem,
  DeviceLogPage,
  DeviceLogView,
  DevicePage,
  DevicePatch,
  DeviceView,
  UpdateView,
} from './wire.gen.ts';

export interface ImportOptions extends OperatorOrder {
  /** Judge everything, store nothing. */
  readonly dryRun?: boolean;
}

/** All that is given must fit. */
export interface DeviceSearch {
  readonly imeiBegins?: string;
  readonly imeiEnds?: string;
  readonly make?: string;
  readonly model?: string;
  readonly transport?: DeviceView['transport'];
  /** Running version, of the firmware or of any software. */
  readonly version?: string;
  readonly versionUnknown?: true;
  /** `name=value`. */
  readonly label?: string;
  /** The live campaign that the device is part of, and how far it is in it. */
  readonly campaign?: string;
  readonly state?: UpdateView['state'];
  /** Heard once, but not for so many whole days (UTC). */
  readonly silentDays?: number;
  readonly neverSeen?: true;
}

export type DeviceListOptions = PageOptions & { readonly search?: DeviceSearch };

export class OperatorDevices {
  readonly #call: Caller;

  constructor(call: Caller) {
    this.#call = call;
  }

  /** An upsert by IMEI: what is absent stays, what is empty is cleared. */
  async import(
    accountName: string,
    devices: readonly Given<DeviceItem>[],
    options: ImportOptions = {},
  ): Promise<DeviceImportResult> {
    return this.#import(accountName, jsonBody(devices), options);
  }

  async importCsv(accountName: string, csv: string, options: ImportOptions = {}): Promise<DeviceImportResult> {
    return this.#import(accountName, { headers: { 'content-type': 'text/csv' }, body: csv }, options);
  }

  async #import(
    accountName: string,
    content: Pick<Call, 'headers' | 'body'>,
    { dryRun, ...options }: ImportOptions,
  ): Promise<DeviceImportResult> {
    const path = within(accountName, dryRun === true ? '/devices?dryRun=1' : '/devices');
    return (await this.#call({ method: 'POST', path, ...content, ...options })) as DeviceImportResult;
  }

  /** A page may hold fewer devices than asked for, even none, and still have a next one. */
  async list(accountName: string, { search = {}, ...page }: DeviceListOptions = {}): Promise<DevicePage> {
    const filter = Object.fromEntries(
      Object.entries(search).map(([name, value]) => [name, value === true ? '1' : String(value)]),
    );
    return (await this.#call(getPage(within(accountName, '/devices'), page, filter))) as DevicePage;
  }

  each(accountName: string, options: DeviceListOptions = {}): AsyncGenerator<DeviceView, void, undefined> {
    return eachItem((page) => this.list(accountName, page), options);
  }

  async get(accountName: string, imei: string, options: CallOptions = {}): Promise<DeviceView> {
    return (await this.#call({ method: 'GET', path: devicePath(accountName, imei), ...options })) as DeviceView;
  }

  async patch(
    accountName: string,
    imei: string,
    changes: Given<DevicePatch>,
    options: CallOptions = {},
  ): Promise<DeviceView> {
    const call: Call = { method: 'PATCH', path: devicePath(accountName, imei), ...jsonBody(changes), ...options };
    return (await this.#call(call)) as DeviceView;
  }

  async delete(accountName: string, imei: string, options: CallOptions = {}): Promise<void> {
    await this.#call({ method: 'DELETE', path: devicePath(accountName, imei), ...options });
  }

  /** Its parts in all campaigns. */
  async history(accountName: string, imei: string, options: PageOptions = {}): Promise<DeviceHistoryPage> {
    return (await this.#call(getPage(`${devicePath(accountName, imei)}/history`, options))) as DeviceHistoryPage;
  }

  /** The last check-ins, the newest first. */
  async checkIns(accountName: string, imei: string, options: CallOptions = {}): Promise<readonly CheckInView[]> {
    const path = `${devicePath(accountName, imei)}/check-ins`;
    return ((await this.#call({ method: 'GET', path, ...options })) as CheckInPage).items;
  }

  /** What was logged last, the newest first. */
  async logs(accountName: string, imei: string, options: CallOptions = {}): Promise<readonly DeviceLogView[]> {
    const path = `${devicePath(accountName, imei)}/logs`;
    return ((await this.#call({ method: 'GET', path, ...options })) as DeviceLogPage).items;
  }
}
