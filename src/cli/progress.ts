// A campaign in one line: how many of its devices stand where.
import type { CampaignView } from '../sdk/operator.ts';

const OVER: readonly CampaignView['status'][] = [
  'CampaignEnded',
  'CampaignAborted',
  'CampaignCancelled',
  'CampaignFailed',
  'CampaignRequestFailed',
];

export const isOver = ({ status }: CampaignView): boolean => OVER.includes(status);

export function progressOf({ counts, devices }: CampaignView): string {
  const parts = Object.entries(counts)
    .filter(([, count]) => count > 0)
    .map(([state, count]) => `${count} ${state}`);
  return `${devices} devices${parts.length === 0 ? '' : `: ${parts.join(', ')}`}`;
}
