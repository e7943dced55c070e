// How the device proves who it is. Secrets go in and are never shown; every change stands in the audit log.

import { Button, PasswordInput, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { DeviceView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { Facts, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toasts.tsx';
import { refresh } from '../../queries.ts';

interface CredentialsProps {
  readonly account: string;
  readonly device: DeviceView;
}

type Kind = 'psk' | 'token';

export function Credentials({ account, device }: CredentialsProps): ReactNode {
  const [asked, setAsked] = useState<Kind>();
  const { hasPsk, pskIdentity, hasDdiToken, transport } = device;
  return (
    <Panel title="Credentials">
      <Facts
        facts={[
          [
            'Pre-shared key (DTLS)',
            hasPsk ? (
              <>
                set, identity <code>{pskIdentity}</code>
              </>
            ) : (
              'none'
            ),
          ],
          ['Token (HTTP)', hasDdiToken ? 'set' : 'none'],
        ]}
      />
      <p className="dimmed small">Only admins see this. Keys and tokens are never shown again; changes are audited.</p>
      <div className="row">
        {transport === 'LWM2M' || hasPsk ? (
          <Button variant="default" onClick={() => setAsked('psk')}>
            {hasPsk ? 'Replace the key' : 'Set a key'}
          </Button>
        ) : null}
        {transport === 'HTTP' || hasDdiToken ? (
          <Button variant="default" onClick={() => setAsked('token')}>
            {hasDdiToken ? 'Replace the token' : 'Set a token'}
          </Button>
        ) : null}
      </div>
      {asked === undefined ? null : (
        <SecretDialog {...{ account, device }} kind={asked} close={() => setAsked(undefined)} />
      )}
    </Panel>
  );
}

interface SecretDialogProps extends CredentialsProps {
  readonly kind: Kind;
  readonly close: () => void;
}

function SecretDialog({ account, device: { imei, pskIdentity }, kind, close }: SecretDialogProps): ReactNode {
  const [identity, setIdentity] = useState(pskIdentity ?? imei);
  const [secret, setSecret] = useState('');
  const isPsk = kind === 'psk';
  const change = useMutation({
    mutationFn: () =>
      client.devices.patch(
        account,
        imei,
        isPsk
          ? { psk: secret === '' ? null : { identity: identity.trim(), key: secret.trim() } }
          : { ddiToken: secret.trim() },
      ),
    onSuccess: async () => {
      await refresh(account, 'devices');
      toast.done(secret === '' ? 'It was taken away.' : 'It was set.');
      close();
    },
  });
  return (
    <Dialog
      title={isPsk ? `Key of ${imei}` : `Token of ${imei}`}
      doing={secret === '' ? 'Take it away' : 'Set'}
      isGrave={secret === ''}
      isPending={change.isPending}
      error={change.error}
      close={close}
      confirm={() => change.mutate()}
    >
      <p>
        {isPsk
          ? 'The device needs the same key for its next handshake; sessions that exist go on until they end.'
          : 'The device needs the same token at its next poll.'}{' '}
        Left empty, it is taken away.
      </p>
      {isPsk ? (
        <TextInput
          label="Identity"
          autoComplete="off"
          value={identity}
          onChange={(event) => setIdentity(event.currentTarget.value)}
        />
      ) : null}
      <PasswordInput
        label={isPsk ? 'Key, in hexadecimal' : 'Token'}
        autoComplete="new-password"
        value={secret}
        onChange={(event) => setSecret(event.currentTarget.value)}
      />
    </Dialog>
  );
}
