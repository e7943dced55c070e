// What the labels of a device allow, put together from the account's caps and the stored allowances.
import { type Account, cappedLabels } from '../accounts/index.ts';
import {
  type AccountName,
  type Budget,
  type Device,
  fullArrivals,
  instant,
  type LabelBudget,
} from '../campaigns/index.ts';

/** One that nobody has taken anything from. */
export function freshBudget(account: AccountName, scope: string, perMinute: number): Budget {
  const { level, at } = fullArrivals(perMinute, instant(0));
  return { account, scope, revision: 0, level, at };
}

export function labelBudgets(
  settings: Account['settings'],
  device: Device,
  stored: { get(name: string): Budget | undefined },
): { readonly budgets?: readonly LabelBudget[] } {
  const capped = cappedLabels(settings, device);
  if (capped.length === 0) return {};
  const { account } = device;
  return {
    budgets: capped.map(({ scope, perMinute }) => ({
      row: stored.get(`${account} ${scope}`) ?? freshBudget(account, scope, perMinute),
      perMinute,
    })),
  };
}
