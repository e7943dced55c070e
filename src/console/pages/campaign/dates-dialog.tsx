// Changes days and hours of a campaign. Hours are taken away by an order of their own, which says whom it stops.

import { Alert } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { CampaignView, LivePrediction, OrderedCampaign } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { nameOf } from '../../parts/campaign-words.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { changesOf, givesHours, takesHoursAway, type When, whenOf } from '../../parts/when.ts';
import { WhenFields } from '../../parts/when-fields.tsx';
import { refresh } from '../../queries.ts';

interface DatesDialogProps {
  readonly campaign: CampaignView;
  readonly close: () => void;
}

type Send = (options: { readonly preview: boolean; readonly reason?: string }) => Promise<OrderedCampaign>;

/** Undefined: nothing is changed. */
function sendFor(campaign: CampaignView, wanted: When): Send | undefined {
  const { accountName, id, startedAt } = campaign;
  const before = whenOf(campaign);
  const changes = changesOf(before, wanted);
  if (Object.keys(changes).length === 0) return undefined;
  if (startedAt !== undefined && takesHoursAway(before, wanted)) {
    const { downloadWindows, installWindows } = wanted;
    return ({ preview, reason }) => {
      const body = { downloadWindows, installWindows, ...(reason === undefined ? {} : { reason }) };
      return client.orders.narrowWindows(accountName, id, body, { preview });
    };
  }
  return ({ preview }) => client.orders.changeDates(accountName, id, changes, { preview });
}

/** Two orders in one cannot be shown beforehand as one. */
function mixedSentence(campaign: CampaignView, wanted: When): string | undefined {
  const before = whenOf(campaign);
  if (campaign.startedAt === undefined || !takesHoursAway(before, wanted)) return undefined;
  const isMore = givesHours(before, wanted) || before.endDate !== wanted.endDate;
  return isMore
    ? 'Take hours away first, then change the rest: each has an effect of its own on a campaign that runs.'
    : undefined;
}

export function DatesDialog({ campaign, close }: DatesDialogProps): ReactNode {
  const [wanted, setWanted] = useState<When>(() => whenOf(campaign));
  const send = sendFor(campaign, wanted);
  const mixed = mixedSentence(campaign, wanted);
  const preview = useMutation({ mutationFn: () => previewOf(campaign, wanted, send) });
  const carryOut = useMutation({
    mutationFn: async (reason: string | undefined) =>
      send?.({ preview: false, ...(reason === undefined ? {} : { reason }) }),
    onSuccess: async () => {
      toast.done(`The dates of ${nameOf(campaign)} are changed.`);
      close();
      await refresh(campaign.accountName, 'campaigns');
    },
  });
  const change = (when: When): void => {
    setWanted(when);
    preview.reset();
  };
  const isPreviewed = preview.data !== undefined;
  return (
    <Dialog
      title={`Dates and windows of ${nameOf(campaign)}`}
      doing={isPreviewed ? 'Change them' : 'Show what this does'}
      reason="optional"
      size="64rem"
      isPending={preview.isPending || carryOut.isPending}
      isBlocked={send === undefined || mixed !== undefined}
      error={carryOut.error ?? preview.error}
      close={close}
      confirm={(reason) => (isPreviewed ? carryOut.mutate(reason) : preview.mutate())}
    >
      <WhenFields value={wanted} change={change} hasStarted={campaign.startedAt !== undefined} />
      {mixed === undefined ? null : <Alert color="yellow">{mixed}</Alert>}
      {preview.data === undefined ? null : <Previewed {...preview.data} />}
    </Dialog>
  );
}

interface Foreseen {
  readonly ordered: OrderedCampaign;
  /** Absent where it could not be played. */
  readonly played: LivePrediction | undefined;
}

/** What the server would do, and who gains or loses by it as far as can be foreseen. */
async function previewOf(campaign: CampaignView, wanted: When, send: Send | undefined): Promise<Foreseen | undefined> {
  if (send === undefined) return undefined;
  const { accountName, id } = campaign;
  const played = client.simulate.campaign(accountName, id, changesOf(whenOf(campaign), wanted)).catch(() => undefined);
  return { ordered: await send({ preview: true }), played: await played };
}

function Previewed({ ordered, played }: Foreseen): ReactNode {
  const { consequences, warnings = [], counts } = ordered;
  const open = counts.waiting + counts.offered + counts.downloading + counts.downloaded;
  return (
    <Alert color={warnings.length === 0 ? 'cyan' : 'yellow'} title="What this does">
      <p>
        {consequences?.sentence ??
          `${open.toLocaleString('en')} devices that are not done go by the new dates and hours.`}
      </p>
      {played === undefined ? null : <GainsAndLosses played={played} />}
      {warnings.map((warning) => (
        <p key={warning}>{warning}</p>
      ))}
    </Alert>
  );
}

function GainsAndLosses({
  played: { gains, loses, sooner = 0, later = 0, changed },
}: {
  readonly played: LivePrediction;
}): ReactNode {
  return (
    <>
      <p>
        Foreseen: {(gains?.devices ?? 0).toLocaleString('en')} devices make the end that would have missed it,{' '}
        {(loses?.devices ?? 0).toLocaleString('en')} miss it now; {sooner.toLocaleString('en')} are done sooner and{' '}
        {later.toLocaleString('en')} later.
      </p>
      {changed?.finish === undefined ? null : (
        <p>
          Done by <Time at={changed.finish.p50} /> in half of all cases ({changed.finish.basis}).
        </p>
      )}
    </>
  );
}
