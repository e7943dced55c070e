// How a search for devices is begun: by the one condition that leaves the fewest, whose index is walked in its order.
import type { DeviceSearch } from '../accounts/index.ts';
import type { CampaignId, StateName, Transport } from '../campaigns/index.ts';
import { labelMark, makeMark, NEVER_SEEN, tailMark, VERSION_UNKNOWN, versionMark } from './marks.ts';

/** What is walked; what it asks for needs no second look. */
export type Walk =
  | { readonly by: 'imei'; readonly begins: string }
  | { readonly by: 'tail'; readonly mark: string }
  | { readonly by: 'campaign'; readonly campaign: CampaignId; readonly state?: StateName }
  | { readonly by: 'mark'; readonly mark: string }
  | { readonly by: 'silence'; readonly until: number }
  | { readonly by: 'model'; readonly make: string; readonly model: string }
  | { readonly by: 'transport'; readonly transport: Transport };

export function walkOf(wanted: DeviceSearch): Walk {
  const { begins, ends, campaign, state, silentSince, make, model, transport } = wanted;
  if (begins !== undefined) return { by: 'imei', begins };
  if (ends !== undefined) return { by: 'tail', mark: tailMark(ends) };
  if (campaign !== undefined) return { by: 'campaign', campaign, ...(state === undefined ? {} : { state }) };
  const [mark] = marksWanted(wanted);
  if (mark !== undefined) return { by: 'mark', mark };
  if (silentSince !== undefined) return { by: 'silence', until: silentSince };
  if (make !== undefined)
    return model === undefined ? { by: 'mark', mark: makeMark(make) } : { by: 'model', make, model };
  return transport === undefined ? { by: 'imei', begins: '' } : { by: 'transport', transport };
}

/** Marks that a device must have, those of few devices first. */
export function marksWanted({ version, versionUnknown, label, neverSeen }: DeviceSearch): readonly string[] {
  return [
    ...(label === undefined ? [] : [labelMark(label.name, label.value)]),
    ...(neverSeen === undefined ? [] : [NEVER_SEEN]),
    ...(versionUnknown === undefined ? [] : [VERSION_UNKNOWN]),
    ...(version === undefined ? [] : [versionMark(version)]),
  ];
}

/** Where a walk has come to: the key that it is ordered by, where that is not the IMEI alone, and the IMEI. */
export interface Place {
  readonly key: string;
  readonly imei: string;
}

export const placeText = ({ key, imei }: Place): string => `${imei} ${key}`;
export function placeIn(text: string | undefined): Place {
  if (text === undefined) return { key: '', imei: '' };
  const cut = text.indexOf(' ');
  return cut === -1 ? { key: '', imei: text } : { key: text.slice(cut + 1), imei: text.slice(0, cut) };
}
