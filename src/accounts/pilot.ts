// The pilot rule: until a small campaign of a package has succeeded, its campaigns stay small (contract.md §3.5).
import type { Campaign } from '../campaigns/index.ts';

export interface PilotRule {
  readonly required: boolean;
  readonly devicesMin?: number;
  readonly devicesMax?: number;
  readonly successPercent?: number;
}

export type PilotTerms = Required<Omit<PilotRule, 'required'>>;

/** contract.md §3.5. */
export const PILOT_TERMS: PilotTerms = { devicesMin: 5, devicesMax: 20, successPercent: 50 };

/** Undefined where the account asks for no pilots. */
export function pilotTermsOf(rule: PilotRule | undefined): PilotTerms | undefined {
  if (rule?.required !== true) return undefined;
  const { required: _required, ...own } = rule;
  return { ...PILOT_TERMS, ...own };
}

/** Whether this campaign is a pilot that has succeeded; it may still be running. Who was rejected took no part. */
export function hasPassed({ tallies, devicesTotal }: Campaign, terms: PilotTerms): boolean {
  const took = devicesTotal - tallies.rejected - tallies.alreadyCurrent;
  const succeeded = tallies.succeeded + tallies.succeededLate;
  return took >= terms.devicesMin && took <= terms.devicesMax && succeeded * 100 >= took * terms.successPercent;
}
