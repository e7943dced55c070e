// Observes how the update of a device goes: each notification is a hint, and the device is asked (docs/decisions, notifications are hints).

import type { DeviceKey } from '../../campaigns/index.ts';
import {
  type Attributes,
  decodeResource,
  FIRMWARE,
  integerOf,
  OPTION,
  observeRequest,
  type Response,
  uintOf,
  valuesIn,
  writeAttributesRequest,
} from '../../lwm2m/index.ts';
import { deviceText } from './registered.ts';
import type { Talk } from './talk.ts';
import type { Wire } from './wire.ts';

const PATHS = [FIRMWARE.state, FIRMWARE.result] as const;

interface Observed {
  readonly peer: string;
  readonly handles: readonly number[];
}

export class Observations {
  readonly #wire: Wire;
  readonly #onHint: (key: DeviceKey) => void;
  readonly #byDevice = new Map<string, Observed>();

  constructor(wire: Wire, onHint: (key: DeviceKey) => void) {
    this.#wire = wire;
    this.#onHint = onHint;
  }

  /**
   * Observes State and Result unless that is so already, after `attributes` were written where there are any. A device
   * that refuses is only asked.
   */
  async ensure(key: DeviceKey, talk: Talk, attributes: Attributes = {}): Promise<void> {
    const { target } = talk;
    if (target === undefined) return;
    const known = this.#byDevice.get(deviceText(key));
    if (known?.peer === target.peer && known.handles.every((handle) => this.#wire.isObserving(handle))) return;
    this.end(key);
    // LwM2M TS 1.0 §5.1.2: they hold for the resources below as well. Who refuses them notifies as it likes.
    if (Object.keys(attributes).length > 0) {
      await talk.ask((root) => writeAttributesRequest(FIRMWARE.object, attributes, root));
    }
    const handles: number[] = [];
    let moved = false;
    for (const path of PATHS) {
      const { handle, answer } = talk.observe(
        (root) => observeRequest(path, { root }),
        () => this.#onHint(key),
      );
      const first = await answer;
      if (first.is !== 'answered') break;
      if (handle !== undefined && this.#wire.isObserving(handle)) handles.push(handle);
      moved ||= saysMore(first.response, path);
    }
    this.#byDevice.set(deviceText(key), { peer: target.peer, handles });
    // What happened before the relation began is not notified any more.
    if (moved) this.#onHint(key);
  }

  has(key: DeviceKey): boolean {
    return this.#byDevice.has(deviceText(key));
  }

  /** Nobody is interested any more: the next notification is answered with a Reset (RFC 7641 §3.6). */
  end(key: DeviceKey): void {
    const known = this.#byDevice.get(deviceText(key));
    if (known === undefined) return;
    this.#byDevice.delete(deviceText(key));
    for (const handle of known.handles) this.#wire.cancel(handle);
  }
}

/** Neither Idle nor without a result. */
function saysMore({ options, payload }: Response, path: string): boolean {
  const decoded = decodeResource(uintOf(options, OPTION.CONTENT_FORMAT), payload, path);
  const [value] = decoded.ok ? valuesIn(decoded.resource) : [];
  return value !== undefined && integerOf(value) !== 0;
}
