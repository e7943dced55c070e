// The orders that steer a campaign. Each opens a dialog that says beforehand what stops and what goes on.

import { Button, Menu } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { CampaignView } from '../../../sdk/operator.ts';
import { isOver, type Standing, standingOf } from '../../parts/campaign-words.ts';
import { DatesDialog } from './dates-dialog.tsx';
import { OrderDialog } from './order-dialog.tsx';
import type { OrderName } from './orders.ts';
import { RetryDialog } from './retry-dialog.tsx';

type Asked = OrderName | 'dates' | 'retry';

const HELD: readonly Standing[] = ['paused', 'halted'];

export function Actions({ campaign }: { readonly campaign: CampaignView }): ReactNode {
  const [asked, setAsked] = useState<Asked>();
  const standing = standingOf(campaign);
  const close = (): void => setAsked(undefined);
  const { accountName, id, rollout } = campaign;
  const awaitsApproval = standing === 'undecided' || rollout?.progress?.awaitsApproval === true;
  return (
    <>
      {isOver(campaign) ? <After campaign={campaign} ask={setAsked} /> : null}
      {!isOver(campaign) && awaitsApproval ? <Button onClick={() => setAsked('approve')}>Approve</Button> : null}
      {HELD.includes(standing) ? <Button onClick={() => setAsked('resume')}>Resume</Button> : null}
      {standing === 'running' || standing === 'scheduled' ? (
        <Button variant="default" onClick={() => setAsked('pause')}>
          Pause
        </Button>
      ) : null}
      <Menu position="bottom-end" withinPortal>
        <Menu.Target>
          <Button variant="default">More</Button>
        </Menu.Target>
        <Menu.Dropdown>
          {isOver(campaign) ? null : <Menu.Item onClick={() => setAsked('dates')}>Change dates and windows</Menu.Item>}
          <Menu.Item component="a" href={`/${accountName}/campaigns/new?like=${encodeURIComponent(id)}`}>
            Copy as new
          </Menu.Item>
          {isOver(campaign) ? null : (
            <Menu.Item color="red" onClick={() => setAsked('abort')}>
              Abort
            </Menu.Item>
          )}
        </Menu.Dropdown>
      </Menu>
      {asked === 'dates' ? <DatesDialog campaign={campaign} close={close} /> : null}
      {asked === 'retry' ? <RetryDialog campaign={campaign} close={close} /> : null}
      {asked !== undefined && asked !== 'dates' && asked !== 'retry' ? (
        <OrderDialog campaign={campaign} order={asked} close={close} />
      ) : null}
    </>
  );
}

function After({ campaign, ask }: { readonly campaign: CampaignView; readonly ask: (what: Asked) => void }): ReactNode {
  const { failed, expired, aborted } = campaign.counts;
  if (standingOf(campaign) === 'cancelled' || failed + expired + aborted === 0) return null;
  return <Button onClick={() => ask('retry')}>Retry {failed + expired + aborted} devices</Button>;
}
