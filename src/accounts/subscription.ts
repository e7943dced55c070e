// What an account has subscribed to, and whether its devices need licences for it (contract.md §6.6).

export interface Subscription {
  /** Names of the original service, several joined by commas. */
  readonly purchaseType: string;
  /** Licences that may be assigned; absent: as many as wanted. */
  readonly licenseCount?: number;
}

/** Billed per completed upgrade; no licence is needed. */
export const EVENT_SUBSCRIPTION = 'TS-HFOTA-EVNT';
/** Billed per month; each device needs a licence before it is scheduled. */
export const MONTHLY_SUBSCRIPTION = 'TS-HFOTA-MRC';

const typesOf = ({ purchaseType }: Subscription): readonly string[] =>
  purchaseType.split(',').map((one) => one.trim().toUpperCase());

/** With both subscriptions a device without a licence is paid for by the event. */
export function needsLicence(subscription: Subscription): boolean {
  const types = typesOf(subscription);
  return types.includes(MONTHLY_SUBSCRIPTION) && !types.includes(EVENT_SUBSCRIPTION);
}
