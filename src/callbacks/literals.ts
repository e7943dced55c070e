// The documented words of the wire for what an event says (contract.md §3.1, §4), with our sentence beside them.
import { type CampaignFacts, type DeviceEvent, FAILURE_REASONS, REJECT_REASONS, RULES } from '../campaigns/index.ts';
import {
  CAMPAIGN_STATUS_OF,
  type CampaignStatus,
  DEVICE_LITERALS,
  type DeviceLiteral,
  type DeviceLiteralKey,
  literalReason,
} from '../contract/index.ts';

export const campaignStatus = (phase: CampaignFacts['phase']): CampaignStatus => CAMPAIGN_STATUS_OF[phase];

/** A reason that the table does not know yet is told as the documented "Other". */
const UNKNOWN: DeviceLiteralKey = 'failed.cancelled-by-device';

function literalOf({ state, reason }: DeviceEvent): DeviceLiteral {
  const table: Readonly<Partial<Record<string, DeviceLiteral>>> = DEVICE_LITERALS;
  return table[`${state}.${reason}`] ?? table[state] ?? DEVICE_LITERALS[UNKNOWN];
}

export function deviceStatus<Generation extends keyof DeviceLiteral>(generation: Generation, event: DeviceEvent) {
  const literal: DeviceLiteral[Generation] = literalOf(event)[generation];
  return {
    status: literal.status as DeviceLiteral[Generation]['status'],
    resultReason: literalReason(literal, { at: event.at }),
  };
}

/** Our sentence, and what the device said. */
export function reasonText({ state, reason, detail }: DeviceEvent): string {
  const sentences: Readonly<Record<string, { readonly text: string } | string | undefined>> =
    state === 'rejected' ? REJECT_REASONS : FAILURE_REASONS;
  const known = reason === undefined ? undefined : sentences[reason];
  const sentence = typeof known === 'object' ? known.text : (known ?? ENDS[state] ?? reason ?? state);
  return detail === undefined ? sentence : `${sentence} ${detail}`;
}

const ENDS: Readonly<Partial<Record<DeviceEvent['state'], string>>> = {
  succeeded: 'The device was updated.',
  expired: RULES['update.campaign-ended'],
  cancelled: RULES['update.campaign-cancelled'],
  aborted: RULES['update.campaign-aborted'],
};
