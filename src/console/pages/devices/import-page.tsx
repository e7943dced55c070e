// Takes a list of devices in: first looked through without storing anything, then stored.

import { Button, FileButton, Textarea } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { DeviceImportResult } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { download } from '../../parts/download.ts';
import { Failure } from '../../parts/failure.tsx';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toasts.tsx';
import { refresh } from '../../queries.ts';
import { May, useMay } from '../../session/session.tsx';
import { Preview } from './preview.tsx';
import { Refused } from './refused.tsx';

const TEMPLATE = `imei,make,model,transport,firmware,timeZone,labels.site
352753090000001,Acme,Modem,LWM2M,1.4.2,Europe/Berlin,north
352753090000002,Acme,Gateway,HTTP,,,south
`;
/** A longer list is not shown in the field, only counted. */
const SHOWN_CHARACTERS_MAX = 100_000;

export function ImportPage(): ReactNode {
  const account = useAccount();
  const mayChange = useMay('operator');
  const [csv, setCsv] = useState('');
  const navigate = useNavigate();
  const look = useMutation({ mutationFn: (text: string) => client.devices.importCsv(account, text, { dryRun: true }) });
  const store = useMutation({
    mutationFn: (text: string) => client.devices.importCsv(account, text),
    onSuccess: async ({ imported, rejected }) => {
      await refresh(account, 'devices');
      toast.done(`${imported.toLocaleString('en')} devices imported, ${rejected.length} refused.`);
      if (rejected.length === 0) await navigate({ to: '/$account/devices', params: { account } });
    },
  });
  const given = (text: string): void => {
    setCsv(text);
    look.reset();
    store.reset();
  };
  if (!mayChange)
    return (
      <Page title="Import devices">
        <Panel>
          <Empty title="Operators and admins import devices." />
        </Panel>
      </Page>
    );
  const result = store.data ?? look.data;
  const error = store.error ?? look.error;
  return (
    <Page
      title="Import devices"
      subtitle="A device that is there already is changed: empty cells clear, missing columns leave as it is."
    >
      <Panel title="The list">
        <Source csv={csv} given={given} />
        <div className="row">
          <Button disabled={csv.trim() === ''} loading={look.isPending} onClick={() => look.mutate(csv)}>
            Look through it
          </Button>
          <span className="dimmed small">Nothing is stored yet.</span>
        </div>
      </Panel>
      {error === null ? null : <Failure error={error} />}
      {result === undefined ? null : (
        <Panel title={store.data === undefined ? 'What would happen' : 'What happened'}>
          <Result result={result} isStored={store.data !== undefined} />
          {store.data === undefined && result.imported > 0 ? (
            <May atLeast="operator">
              <Button className="button-start" loading={store.isPending} onClick={() => store.mutate(csv)}>
                Import {result.imported.toLocaleString('en')} {result.imported === 1 ? 'device' : 'devices'}
              </Button>
            </May>
          ) : null}
          {store.data === undefined ? <Preview csv={csv} refused={result.rejected} /> : null}
        </Panel>
      )}
    </Page>
  );
}

function Source({ csv, given }: { readonly csv: string; readonly given: (text: string) => void }): ReactNode {
  const isLong = csv.length > SHOWN_CHARACTERS_MAX;
  const read = async (file: File | null): Promise<void> => {
    if (file !== null) given(await file.text());
  };
  return (
    <>
      <div className="row">
        <FileButton accept=".csv,text/csv,text/plain" onChange={(file) => void read(file)}>
          {(props) => (
            <Button {...props} variant="default">
              Choose a CSV file
            </Button>
          )}
        </FileButton>
        <Button variant="subtle" onClick={() => download('devices-template.csv', 'text/csv', TEMPLATE)}>
          Template
        </Button>
      </div>
      {isLong ? (
        <p>
          {csv.trimEnd().split('\n').length.toLocaleString('en')} lines were read from the file.{' '}
          <Button size="compact-xs" variant="subtle" onClick={() => given('')}>
            Take another
          </Button>
        </p>
      ) : (
        <Textarea
          label="Or paste it here"
          description="First line: imei, make, model, transport, firmware, software.<name>, timeZone, ddiToken, psk.identity, psk.key, labels.<name>. Secrets need an admin."
          placeholder={TEMPLATE}
          rows={8}
          value={csv}
          onChange={(event) => given(event.currentTarget.value)}
          classNames={{ input: 'mono' }}
        />
      )}
    </>
  );
}

function Result({ result, isStored }: { readonly result: DeviceImportResult; readonly isStored: boolean }): ReactNode {
  const { imported, rejected } = result;
  return (
    <>
      <p>
        <strong className="number">{imported.toLocaleString('en')}</strong>{' '}
        {isStored ? 'were stored' : 'would be stored'},{' '}
        <strong className="number">{rejected.length.toLocaleString('en')}</strong>{' '}
        {isStored ? 'were refused' : 'would be refused'}.
      </p>
      {rejected.length === 0 ? null : (
        <Refused rows={rejected.map(({ imei, errorMessage }) => ({ imei, why: errorMessage }))} />
      )}
    </>
  );
}
