// What stands in the address of the devices page, as the search that the server understands.

import type { DeviceSearch, DeviceView } from '../../../sdk/operator.ts';
import type { Wanted } from '../../parts/address.ts';

export const STATES = [
  'waiting',
  'offered',
  'downloading',
  'downloaded',
  'installing',
  'verifying',
] as const satisfies readonly NonNullable<DeviceSearch['state']>[];

export const SEEN_WORDS: Readonly<Record<string, string>> = {
  never: 'Never heard',
  '1': 'Silent for a day',
  '7': 'Silent for 7 days',
  '30': 'Silent for 30 days',
  '90': 'Silent for 90 days',
};

/** Names of parameters of the address. */
export const SEARCHED = [
  'imei',
  'make',
  'model',
  'transport',
  'version',
  'label',
  'seen',
  'campaign',
  'state',
] as const;

/** The version that stands for none. */
export const UNKNOWN = 'unknown';

export function searchOf(wanted: Wanted): DeviceSearch {
  const { imei = '', make, model, transport, version, label, seen, campaign, state } = wanted;
  const isTransport = (text: string | undefined): text is DeviceView['transport'] =>
    text === 'LWM2M' || text === 'HTTP';
  const known = STATES.find((one) => one === state);
  return {
    ...imeiPart(imei.replaceAll(/\s/g, '')),
    ...(make === undefined ? {} : { make }),
    ...(model === undefined ? {} : { model }),
    ...(isTransport(transport) ? { transport } : {}),
    ...(version === undefined || version === UNKNOWN ? {} : { version }),
    ...(version === UNKNOWN ? { versionUnknown: true } : {}),
    ...(label === undefined ? {} : { label: label.includes('=') ? label : `${label}=` }),
    ...(campaign === undefined ? {} : { campaign }),
    ...(known === undefined ? {} : { state: known }),
    ...(seen === 'never' ? { neverSeen: true } : {}),
    ...(seen !== undefined && /^\d{1,4}$/.test(seen) && Number(seen) > 0 ? { silentDays: Number(seen) } : {}),
  };
}

/** `3527…` with a star behind it is a beginning, all else an end: it is what one reads on a label. */
function imeiPart(text: string): DeviceSearch {
  const digits = text.replaceAll(/\D/g, '').slice(0, 15);
  if (digits === '') return {};
  return text.endsWith('*') ? { imeiBegins: digits } : { imeiEnds: digits };
}
