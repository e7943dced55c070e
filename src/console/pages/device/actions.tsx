// What can be done with one device: a campaign of its own, other facts, its removal.

import { Button, Select, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { DeviceView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { handOver } from '../../handover.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { ZONES } from '../../parts/hours.ts';
import { toast } from '../../parts/toasts.tsx';
import { refresh } from '../../queries.ts';

interface ActionsProps {
  readonly account: string;
  readonly device: DeviceView;
}

export function Actions({ account, device }: ActionsProps): ReactNode {
  const [asked, setAsked] = useState<'change' | 'remove'>();
  const navigate = useNavigate();
  const close = (): void => setAsked(undefined);
  const newCampaign = (): void => {
    handOver([device.imei]);
    void navigate({ to: '/$account/campaigns/new', params: { account } });
  };
  return (
    <>
      {device.campaignId === undefined ? <Button onClick={newCampaign}>New campaign</Button> : null}
      <Button variant="default" onClick={() => setAsked('change')}>
        Change
      </Button>
      <Button variant="outline" color="red" onClick={() => setAsked('remove')}>
        Remove
      </Button>
      {asked === 'change' ? <ChangeDialog {...{ account, device, close }} /> : null}
      {asked === 'remove' ? <RemoveDialog {...{ account, device, close }} /> : null}
    </>
  );
}

type DialogProps = ActionsProps & { readonly close: () => void };

/** One label a line. */
const labelsText = (labels: DeviceView['labels']): string =>
  Object.entries(labels)
    .map(([name, value]) => `${name}=${value}`)
    .join('\n');

function labelsOf(text: string, before: DeviceView['labels']): Readonly<Record<string, string>> {
  const lines = text.split('\n').filter((line) => line.trim() !== '');
  const given = lines.map((line): [string, string] => {
    const cut = line.indexOf('=');
    return cut === -1 ? [line.trim(), ''] : [line.slice(0, cut).trim(), line.slice(cut + 1).trim()];
  });
  // An empty text takes a label away.
  return { ...Object.fromEntries(Object.keys(before).map((name) => [name, ''])), ...Object.fromEntries(given) };
}

interface Draft {
  readonly make: string;
  readonly model: string;
  readonly timeZone: string | null;
  readonly labels: string;
}

function ChangeDialog({ account, device, close }: DialogProps): ReactNode {
  const [draft, setDraft] = useState<Draft>({
    make: device.make ?? '',
    model: device.model ?? '',
    timeZone: device.timeZone ?? null,
    labels: labelsText(device.labels),
  });
  const change = useMutation({
    mutationFn: () =>
      client.devices.patch(account, device.imei, {
        make: draft.make.trim(),
        model: draft.model.trim(),
        timeZone: draft.timeZone ?? '',
        labels: labelsOf(draft.labels, device.labels),
      }),
    onSuccess: async () => {
      await refresh(account, 'devices');
      toast.done(`${device.imei} was changed.`);
      close();
    },
  });
  return (
    <Dialog
      title={`Change ${device.imei}`}
      doing="Change"
      isPending={change.isPending}
      error={change.error}
      close={close}
      confirm={() => change.mutate()}
    >
      <Fields draft={draft} change={(some) => setDraft({ ...draft, ...some })} />
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (some: Partial<Draft>) => void;
}

function Fields({ draft, change }: FieldsProps): ReactNode {
  return (
    <>
      <div className="row row-end">
        <TextInput
          className="grow"
          label="Make"
          value={draft.make}
          onChange={(event) => change({ make: event.currentTarget.value })}
        />
        <TextInput
          className="grow"
          label="Model"
          value={draft.model}
          onChange={(event) => change({ model: event.currentTarget.value })}
        />
      </div>
      <Select
        label="Zone"
        description="For campaigns whose windows are in the time of each device."
        placeholder="That of the account"
        searchable
        clearable
        limit={50}
        data={ZONES.filter((zone) => zone !== 'device')}
        value={draft.timeZone}
        onChange={(timeZone) => change({ timeZone })}
      />
      <Textarea
        label="Labels"
        description="One a line, like site=north."
        rows={4}
        value={draft.labels}
        onChange={(event) => change({ labels: event.currentTarget.value })}
        classNames={{ input: 'mono' }}
      />
    </>
  );
}

function RemoveDialog({ account, device: { imei, campaignId }, close }: DialogProps): ReactNode {
  const navigate = useNavigate();
  const remove = useMutation({
    mutationFn: () => client.devices.delete(account, imei),
    onSuccess: async () => {
      await navigate({ to: '/$account/devices', params: { account } });
      toast.done(`${imei} was removed.`);
      await refresh(account, 'devices');
    },
  });
  return (
    <Dialog
      title={`Remove ${imei}`}
      doing="Remove"
      isGrave
      isPending={remove.isPending}
      isBlocked={campaignId !== undefined}
      error={remove.error}
      close={close}
      confirm={() => remove.mutate()}
    >
      {campaignId === undefined ? (
        <p>
          The device leaves the account with its keys, logs and check-ins. What past campaigns did with it stays in
          their ledgers. This cannot be undone.
        </p>
      ) : (
        <p>It takes part in campaign {campaignId}: end that first, or take the device out of it.</p>
      )}
    </Dialog>
  );
}
