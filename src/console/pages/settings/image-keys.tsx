// Public keys by which images are signed.

import { Button, Textarea, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { ImageKeyView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Dialog } from '../../parts/dialog.tsx';
import { Listed } from '../../parts/listed.tsx';
import { Empty, Panel } from '../../parts/page.tsx';
import { usePaged } from '../../parts/paged.ts';
import { Time } from '../../parts/time.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';
import type { SettingsProps } from './account-form.tsx';

export function ImageKeys({ account }: SettingsProps): ReactNode {
  const [asked, setAsked] = useState<'add' | ImageKeyView>();
  const close = (): void => setAsked(undefined);
  const paged = usePaged(accountKey(account, 'settings', 'keys'), (page) => client.imageKeys.list(account, page));
  return (
    <Panel
      title="Image keys"
      aside={
        <Button size="xs" onClick={() => setAsked('add')}>
          Add a key
        </Button>
      }
    >
      <Listed of={paged} what="keys">
        {(keys) => (
          <DataTable
            label="Image keys"
            columns={columnsFor(setAsked)}
            rows={keys}
            keyOf={({ keyId }) => keyId}
            empty={
              <Empty title="There is no key.">
                With the public half of an Ed25519 key, packages can be uploaded with a signature, and unsigned ones can
                be refused.
              </Empty>
            }
          />
        )}
      </Listed>
      {asked === 'add' ? <AddDialog account={account} close={close} /> : null}
      {asked === undefined || asked === 'add' ? null : (
        <DeleteDialog account={account} imageKey={asked} close={close} />
      )}
    </Panel>
  );
}

const columnsFor = (leave: (key: ImageKeyView) => void): readonly Column<ImageKeyView>[] => [
  {
    id: 'name',
    head: 'Key',
    cell: ({ name, keyId }) => (
      <>
        <span className="strong">{name}</span>
        <div className="dimmed small">
          <code>{keyId}</code>
        </div>
      </>
    ),
  },
  { id: 'public', head: 'Public half', wideOnly: true, cell: ({ publicKey }) => <code>{publicKey}</code> },
  { id: 'made', head: 'Added', cell: ({ createdAt }) => <Time at={createdAt} mode="short" /> },
  {
    id: 'act',
    head: 'Act',
    cell: (key) => (
      <Button size="compact-xs" variant="subtle" color="red" onClick={() => leave(key)}>
        Delete
      </Button>
    ),
  },
];

interface DialogProps extends SettingsProps {
  readonly close: () => void;
}

function AddDialog({ account, close }: DialogProps): ReactNode {
  const [name, setName] = useState('');
  const [publicKey, setPublicKey] = useState('');
  const add = useMutation({
    mutationFn: () => client.imageKeys.add(account, { name: name.trim(), publicKey: publicKey.trim() }),
    onSuccess: async () => {
      await refresh(account, 'settings');
      toast.done('The key was added.');
      close();
    },
  });
  return (
    <Dialog
      title="Add an image key"
      doing="Add"
      isPending={add.isPending}
      error={add.error}
      close={close}
      confirm={() => add.mutate()}
    >
      <TextInput label="Name" required value={name} onChange={(event) => setName(event.currentTarget.value)} />
      <Textarea
        label="Public key"
        description="Ed25519, as PEM or its 32 bytes in base64. The private half never comes here."
        required
        rows={3}
        value={publicKey}
        onChange={(event) => setPublicKey(event.currentTarget.value)}
        classNames={{ input: 'mono' }}
      />
    </Dialog>
  );
}

function DeleteDialog({ account, imageKey, close }: DialogProps & { readonly imageKey: ImageKeyView }): ReactNode {
  const remove = useMutation({
    mutationFn: () => client.imageKeys.delete(account, imageKey.keyId),
    onSuccess: async () => {
      await refresh(account, 'settings');
      toast.done('The key was deleted.');
      close();
    },
  });
  return (
    <Dialog
      title={`Delete ${imageKey.name}`}
      doing="Delete"
      isGrave
      isPending={remove.isPending}
      error={remove.error}
      close={close}
      confirm={() => remove.mutate()}
    >
      <p>What only this key has signed counts as unsigned from now on.</p>
    </Dialog>
  );
}
