// Asks before many devices are labelled or removed, tells how far it is, and which of them were refused.

import { Button, Modal, Progress, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { refresh } from '../../queries.ts';
import { type Choice, gather, label, type Outcome, remove } from './gather.ts';
import { Refused } from './refused.tsx';

interface ChangeDialogProps {
  readonly change: 'label' | 'remove';
  readonly choice: Choice;
  readonly close: () => void;
  readonly clear: () => void;
}

export function ChangeDialog({ change, choice, close, clear }: ChangeDialogProps): ReactNode {
  const { account, isAll, imeis } = choice;
  const [name, setName] = useState('');
  const [value, setValue] = useState('');
  const [progress, setProgress] = useState<DoneProps>();
  const run = useMutation({
    mutationFn: async (): Promise<Outcome> => {
      const found = await gather(choice, (of) => setProgress({ done: 0, of }), new AbortController().signal);
      const all = found.map(({ imei }) => imei);
      const tell = (done: number): void => setProgress({ done, of: all.length });
      return change === 'remove'
        ? remove(account, all, tell)
        : label(account, all, { [name.trim()]: value.trim() }, tell);
    },
    onSuccess: async ({ done, refused }) => {
      await refresh(account, 'devices');
      toast.done(`${done.toLocaleString('en')} devices ${change === 'remove' ? 'removed' : 'labelled'}.`);
      if (refused.length > 0) return;
      clear();
      close();
    },
  });
  if (run.data !== undefined && run.data.refused.length > 0)
    return <SomeRefused rows={run.data.refused} close={close} />;
  const who = isAll ? 'all devices that match' : `${imeis.length.toLocaleString('en')} devices`;
  return (
    <Dialog
      title={change === 'remove' ? 'Remove devices' : 'Label devices'}
      doing={change === 'remove' ? 'Remove' : 'Label'}
      isGrave={change === 'remove'}
      isPending={run.isPending}
      isBlocked={change === 'label' && name.trim() === ''}
      error={run.error}
      close={close}
      confirm={() => run.mutate()}
    >
      {change === 'remove' ? (
        <p>
          Removes {who} from the account with their keys, logs and check-ins. A device that takes part in a live
          campaign is refused and stays. What past campaigns did stays in their ledgers. This cannot be undone.
        </p>
      ) : (
        <>
          <p>Gives {who} one label. An empty value takes the label away.</p>
          <LabelFields {...{ name, value, setName, setValue }} />
        </>
      )}
      {progress === undefined ? null : <Done {...progress} />}
    </Dialog>
  );
}

interface LabelFieldsProps {
  readonly name: string;
  readonly value: string;
  readonly setName: (name: string) => void;
  readonly setValue: (value: string) => void;
}

function LabelFields({ name, value, setName, setValue }: LabelFieldsProps): ReactNode {
  return (
    <div className="row row-end">
      <TextInput
        className="grow"
        label="Name"
        placeholder="site"
        required
        value={name}
        onChange={(event) => setName(event.currentTarget.value)}
      />
      <TextInput
        className="grow"
        label="Value"
        placeholder="north"
        value={value}
        onChange={(event) => setValue(event.currentTarget.value)}
      />
    </div>
  );
}

interface DoneProps {
  readonly done: number;
  readonly of: number;
}

function Done({ done, of }: DoneProps): ReactNode {
  return (
    <div role="status">
      <Progress value={of === 0 ? 0 : (done / of) * 100} aria-label={`${done} of ${of} devices`} />
      <span className="small number">
        {done.toLocaleString('en')} of {of.toLocaleString('en')}
      </span>
    </div>
  );
}

interface SomeRefusedProps {
  readonly rows: Outcome['refused'];
  readonly close: () => void;
}

function SomeRefused({ rows, close }: SomeRefusedProps): ReactNode {
  return (
    <Modal opened onClose={close} size="lg" title="Some were refused" closeButtonProps={{ 'aria-label': 'Close' }}>
      <div className="stack">
        <Refused rows={rows} />
        <Button onClick={close}>Close</Button>
      </div>
    </Modal>
  );
}
