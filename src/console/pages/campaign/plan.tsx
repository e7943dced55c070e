// When a campaign may do what: its days, its hours in its zone, the rule at the close.

import type { ReactNode } from 'react';
import type { CampaignView } from '../../../sdk/operator.ts';
import { dayBegins, dayEnds } from '../../parts/campaign-words.ts';
import { windowsText, zoneText } from '../../parts/hours.ts';
import { Facts, Panel } from '../../parts/page.tsx';
import { Time } from '../../parts/time.tsx';
import { WeekGrid } from '../../parts/week-grid.tsx';

const RULE_WORDS = {
  strict: 'No byte outside a window',
  'start-before-close': 'A transfer begun inside may finish',
} as const;

export function Plan({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const { startDate, endDate, downloadAfterDate, installAfterDate, downloadWindows, installWindows, timeZone, rule } =
    campaign;
  return (
    <Panel title="Dates and windows">
      <Facts
        facts={[
          ['Begins', <Time key="begins" at={dayBegins(startDate)} />],
          ['Ends', <Time key="ends" at={dayEnds(endDate)} />],
          ['Downloads', `${windowsText(downloadWindows)} ${downloadWindows.length === 0 ? '' : zoneText(timeZone)}`],
          ['Installs', `${windowsText(installWindows)} ${installWindows.length === 0 ? '' : zoneText(timeZone)}`],
          ['No download before', downloadAfterDate],
          ['No install before', installAfterDate],
          ['At the close', RULE_WORDS[rule]],
          ['Campaign id', <code key="id">{campaign.id}</code>],
        ]}
      />
      <WeekGrid
        startDate={startDate}
        endDate={endDate}
        zone={timeZone}
        downloads={downloadWindows}
        installs={installWindows}
      />
    </Panel>
  );
}
