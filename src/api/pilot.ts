// The pilot rule of an account: campaigns of a package stay small until one of them has succeeded (contract.md §3.5).
import { type Account, hasPassed, type PilotTerms, pilotTermsOf } from '../accounts/index.ts';
import { LIMITS } from '../contract/index.ts';
import type { ApiContext } from './call.ts';
import { everyPage } from './page.ts';
import { invalid, type Refusal, refuse } from './refusal.ts';

export interface PilotQuestion {
  /** Devices that the campaign would have. */
  readonly size: number;
  readonly autoAddDevices: boolean;
}

export async function refusePilot(
  { name: account, settings }: Account,
  packageName: string,
  { size: given, autoAddDevices }: PilotQuestion,
  context: ApiContext,
): Promise<Refusal | undefined> {
  const terms = pilotTermsOf(settings.pilotRule);
  if (terms === undefined) return undefined;
  if (given <= terms.devicesMax && !autoAddDevices) return undefined;
  if (await isProven({ account, packageName, terms }, context)) return undefined;
  if (given > terms.devicesMax)
    return refuse('PILOT_LIMIT_EXCEEDED', { name: packageName, limit: terms.devicesMax, given });
  return invalid(
    `autoAddDevicesFlag: given true, accepted: false until a pilot of package ${packageName} has succeeded, because the account asks for pilots.`,
  );
}

interface Question {
  readonly account: Account['name'];
  readonly packageName: string;
  readonly terms: PilotTerms;
}

async function isProven({ account, packageName, terms }: Question, { store }: ApiContext): Promise<boolean> {
  const pages = everyPage(
    LIMITS.pageSizeMax,
    (page) => store.campaigns(account, page),
    ({ id }) => id,
  );
  for await (const campaigns of pages) {
    const own = campaigns.filter(({ package: pack }) => pack.name === packageName);
    if (own.some((campaign) => hasPassed(campaign, terms))) return true;
  }
  return false;
}
