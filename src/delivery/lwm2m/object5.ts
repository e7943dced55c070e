// Object 5 as a device shows it, in the engine's words.

import { type FirmwareObject, IMAGE_PROTOCOLS, type ImageProtocol } from '../../campaigns/index.ts';
import { type FirmwareResult, firmwareIn, type Resources } from '../../lwm2m/index.ts';
import type { Protocols } from './registered.ts';

/** Every result that /5/0/5 may show (LwM2M TS 1.1 E.6). */
export const RESULT_WORDS: Readonly<Record<FirmwareResult, FirmwareObject['result']>> = {
  initial: 'initial',
  success: 'success',
  not_enough_flash: 'not-enough-storage',
  out_of_ram: 'out-of-memory',
  connection_lost: 'connection-lost',
  integrity_failed: 'integrity-failed',
  unsupported_package: 'unsupported-package',
  invalid_uri: 'invalid-uri',
  update_failed: 'install-failed',
  unsupported_protocol: 'unsupported-protocol',
  cancelled: 'cancelled',
  deferred: 'deferred',
};

const RESULT = 5;

/** What it says that it can fetch over, as far as there is anything of ours. */
export function protocolsIn(resources: Resources): Protocols {
  const { protocols } = firmwareIn(resources);
  return protocols === undefined ? 'unsaid' : IMAGE_PROTOCOLS.filter((one) => protocols.includes(one));
}

/**
 * Undefined when the state is not among the resources: without it nothing else means anything. `served`: what images are
 * served over.
 */
export function object5Of(
  resources: Resources,
  served: readonly ImageProtocol[] = ['coap'],
): FirmwareObject | undefined {
  const { state, result, packageVersion, delivery } = firmwareIn(resources);
  if (state === undefined) return undefined;
  // A number beyond the table is a vendor's own failure; no number at all is a device that does not tell.
  const said = protocolsIn(resources);
  const canFetch = said === 'unsaid' || said.some((one) => served.includes(one));
  const unnamed = resources.has(RESULT) ? 'download-failed' : 'initial';
  return {
    state,
    result: result === undefined ? unnamed : RESULT_WORDS[result],
    // Who says "pull" is taken at his word, so that a missing protocol comes back as Result 9.
    canPull: delivery === 'pull' || (delivery !== 'push' && canFetch),
    canPush: delivery !== 'pull',
    ...(packageVersion === undefined ? {} : { packageVersion }),
  };
}
