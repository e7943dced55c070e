// Every campaign that the device took part in, the latest first, with the steps that it went through in each.

import type { ReactNode } from 'react';
import type { DeviceHistoryItem } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { PageLink } from '../../parts/link.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { accountKey } from '../../queries.ts';
import { StateMark } from '../devices/device-words.tsx';

interface TimelineProps {
  readonly account: string;
  readonly imei: string;
}

export function Timeline({ account, imei }: TimelineProps): ReactNode {
  // The server has them by id; a device is in few enough to be put in the order of time here.
  const paged = usePaged(
    accountKey(account, 'campaigns', 'of-device', imei),
    (page) => client.devices.history(account, imei, page),
    1_000,
  );
  return (
    <Listed of={paged} what="its campaigns">
      {(items) =>
        items.length === 0 ? (
          <Empty title="It has not been part of a campaign." />
        ) : (
          <ol className="timeline">
            {[...items]
              .sort((one, other) => Date.parse(other.campaign.createdAt) - Date.parse(one.campaign.createdAt))
              .map((item) => (
                <Part key={item.campaign.id} account={account} item={item} />
              ))}
          </ol>
        )
      }
    </Listed>
  );
}

const STEPS = [
  ['offeredAt', 'Offered'],
  ['downloadStartedAt', 'Download begun'],
  ['downloadedAt', 'Downloaded'],
  ['installStartedAt', 'Install begun'],
  ['finishedAt', 'Finished'],
] as const satisfies readonly (readonly [keyof DeviceHistoryItem['update'], string])[];

function Part({ account, item }: { readonly account: string; readonly item: DeviceHistoryItem }): ReactNode {
  const { campaign, update } = item;
  const { id, campaignName, packageName, from, to, startDate, endDate } = campaign;
  const { state, reasonText, ruleText, rule, attempt, lateResult } = update;
  return (
    <li>
      <div className="row">
        <StateMark state={state} />
        <PageLink to={`/${account}/campaigns/${id}`} className="strong">
          {campaignName === undefined || campaignName === '' ? `${packageName} to ${to}` : campaignName}
        </PageLink>
        <span className="dimmed small">
          {packageName} · {from} → {to} · {startDate} to {endDate}
        </span>
      </div>
      <p className="small">
        {reasonText ?? ruleText ?? rule}
        {attempt > 1 ? ` Attempt ${attempt}.` : ''}
        {lateResult === undefined ? '' : ` Later it told: ${lateResult.result}.`}
      </p>
      <div className="steps-row small">
        {STEPS.map(([name, word]) =>
          update[name] === undefined ? null : (
            <span key={name}>
              <span className="dimmed">{word}</span> <Time at={update[name]} mode="short" />
            </span>
          ),
        )}
      </div>
    </li>
  );
}
