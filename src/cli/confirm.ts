// Orders that cannot be taken back are shown first, and given only when somebody says yes.
import { type Command, Option } from 'commander';
import type { OrderedCampaign, OrderedCampaigns, OrderedPackage } from '../sdk/operator.ts';
import { ask, withYes } from './sure.ts';
import { printOne, tableLines } from './table.ts';
import type { Terminal } from './terminal.ts';

type Ordered = OrderedCampaign | OrderedCampaigns | OrderedPackage;

export interface ConfirmOptions {
  readonly preview: boolean;
  readonly yes: boolean;
  readonly json: boolean;
}

export const withPreview = (command: Command): Command =>
  command.addOption(new Option('--preview', 'say what it would do, and do nothing').default(false));

export const withConfirmation = (command: Command): Command => withYes(withPreview(command));

/** What the order would do is shown before the question; without anybody to ask, `--yes` is the answer. */
export async function confirmed<Answer extends Ordered>(
  terminal: Terminal,
  { preview, yes, json }: ConfirmOptions,
  give: (preview: boolean) => Promise<Answer>,
): Promise<void> {
  const unasked = 'This cannot be taken back, and there is nobody to ask: look with --preview, then give --yes.';
  if (!preview && !yes) await ask(terminal, { unasked, show: async () => sentencesOf(await give(true)) });
  printOrdered(terminal, json, await give(preview));
}

function sentencesOf(ordered: Ordered): readonly string[] {
  if (!('campaignsTotal' in ordered)) {
    const { consequences } = ordered;
    if (consequences === undefined) return [];
    const { stops, goesOn, sentence } = consequences;
    return [sentence, `stops: ${counted(stops)}; goes on: ${counted(goesOn)}`];
  }
  const { sentence, campaignsTotal, campaignsChanged, devices } = ordered;
  return [sentence, `campaigns: ${campaignsChanged} of ${campaignsTotal}`, `devices: ${counted(devices)}`];
}

const counted = (counts: Readonly<Record<string, number>>): string =>
  Object.entries(counts)
    .map(([state, count]) => `${count} ${state}`)
    .join(', ');

export function printOrdered(terminal: Terminal, json: boolean, ordered: Ordered): void {
  if (json || !('campaignsTotal' in ordered)) return printOne(terminal, json, ordered);
  for (const line of sentencesOf(ordered)) terminal.out(line);
  const rows = ordered.campaigns.map((one) => [one.id, one.campaignName, one.outcome, one.statusReason]);
  for (const line of tableLines(['campaign', 'name', 'outcome', 'why'], rows)) terminal.out(line);
}
