// What can be done with a listener: a test event, events again, a new secret.

import { TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Generation } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { NumberField } from '../../parts/number-field.tsx';
import { Secret } from '../../parts/secret.tsx';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { refresh } from '../../queries.ts';

interface ListenerDialogProps {
  readonly account: string;
  readonly generation: Generation;
  readonly url: string;
  readonly close: () => void;
}

export function TestDialog({ account, generation, url, close }: ListenerDialogProps): ReactNode {
  const test = useMutation({
    mutationFn: () => client.callbacks.test(account, generation),
    onSuccess: () => refresh(account, 'callbacks'),
  });
  const { data } = test;
  return (
    <Dialog
      title="Send a test"
      doing={data === undefined ? 'Send' : 'Send again'}
      isPending={test.isPending}
      error={test.error}
      close={close}
      confirm={() => test.mutate()}
    >
      <p>
        Sends a signed event without meaning to <code>{url}</code>, at once and once.
      </p>
      {data === undefined ? null : (
        <p role="status">
          {data.delivered ? <strong>It was taken</strong> : <strong className="error">It was not taken</strong>}
          {data.status === undefined ? '' : `: answered ${data.status}`}
          {data.error === undefined ? '' : `: ${data.error}`}, after {data.milliseconds} ms.
        </p>
      )}
    </Dialog>
  );
}

export function ReplayDialog({ account, generation, close }: ListenerDialogProps): ReactNode {
  const [from, setFrom] = useState(1);
  const [campaignId, setCampaignId] = useState('');
  const replay = useMutation({
    mutationFn: () => {
      const id = campaignId.trim();
      return client.callbacks.replay(account, generation, id === '' ? { from } : { from, campaignId: id });
    },
    onSuccess: async ({ events }) => {
      toast.done(`${events.toLocaleString('en')} events are sent again.`);
      await refresh(account, 'callbacks');
      close();
    },
  });
  return (
    <Dialog
      title="Send events again"
      doing="Replay"
      isPending={replay.isPending}
      error={replay.error}
      close={close}
      confirm={() => replay.mutate()}
    >
      <p>
        Events are numbered within their campaign. All that are still kept are sent again in their order, with the ids
        that they had: a listener that remembers ids sees which it knows.
      </p>
      <div className="row row-end">
        <NumberField
          className="grow"
          label="From number"
          min={1}
          value={from}
          onChange={(value) => setFrom(Number(value) || 1)}
        />
        <TextInput
          className="grow"
          label="Campaign id"
          placeholder="All campaigns"
          value={campaignId}
          onChange={(event) => setCampaignId(event.currentTarget.value)}
        />
      </div>
    </Dialog>
  );
}

export function RotateDialog({ account, generation, close }: ListenerDialogProps): ReactNode {
  const rotate = useMutation({ mutationFn: () => client.callbacks.rotateSecret(account, generation) });
  const { data } = rotate;
  return (
    <Dialog
      title="New signing secret"
      doing={data === undefined ? 'Make a new secret' : 'I have noted it'}
      isPending={rotate.isPending}
      error={rotate.error}
      close={close}
      confirm={() => (data === undefined ? rotate.mutate() : close())}
    >
      {data === undefined ? (
        <p>
          Deliveries are signed with the new secret from now on, and for a while with the old one too, so that the
          listener can change over.
        </p>
      ) : (
        <>
          <Secret word="Secret" text={data.secret} />
          {data.previousUntil === undefined ? null : (
            <p>
              The one before counts until <Time at={data.previousUntil} />
            </p>
          )}
        </>
      )}
    </Dialog>
  );
}
