// The switches of an account.

import { Button, Select, Switch } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type FormEvent, type ReactNode, useState } from 'react';
import type { AccountSettings } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { Busy } from '../../parts/busy.tsx';
import { Failure } from '../../parts/failure.tsx';
import { ZONES } from '../../parts/hours.ts';
import { NumberField } from '../../parts/number-field.tsx';
import { Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';

export interface SettingsProps {
  readonly account: string;
}

export function AccountForm({ account }: SettingsProps): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'settings', 'account'),
    queryFn: ({ signal }) => client.accounts.get(account, { signal }),
  });
  if (data === undefined)
    return error === null ? (
      <Busy what="Loading the settings" />
    ) : (
      <Failure error={error} again={() => void refetch()} />
    );
  return <Form account={account} settings={data.settings ?? {}} />;
}

type FlagName =
  | 'checkImeiDigits'
  | 'abortOnDelete'
  | 'requireSession'
  | 'repeatedScheduleAnswersFirst'
  | 'requireSignedImages'
  | 'v1CallbacksAsList';

const FLAGS: readonly (readonly [name: FlagName, word: string, description: string])[] = [
  [
    'requireSignedImages',
    'Only signed images',
    'A package can be scheduled only if an image key of the account signed it.',
  ],
  ['checkImeiDigits', 'Check IMEI digits', 'An IMEI with a wrong check digit is rejected.'],
  ['abortOnDelete', 'DELETE aborts', 'DELETE of a campaign that has started aborts it instead of being refused.'],
  ['requireSession', 'Calls need a session', 'Campaign calls need a session token beside the access token.'],
  [
    'repeatedScheduleAnswersFirst',
    'Repeated orders',
    'The same schedule body again within ten minutes answers the first campaign.',
  ],
  ['v1CallbacksAsList', 'Callbacks as a list', 'GET /v1/callbacks answers a list, as later clients expect.'],
];

const ZONE_FIELDS = [
  ['windowTimeZone', 'Zone of windows', 'Of campaigns that name none.'],
  [
    'deviceTimeZoneDefault',
    'Zone of devices',
    'Of devices without one, in campaigns that go by the time of the device.',
  ],
] as const;

const NUMBER_FIELDS = [
  ['pollSeconds', 'Poll interval', 'Seconds; what HTTP devices are told.'],
  ['downloadBytesPerSecondMax', 'Download cap', 'Bytes per second of all its devices together; 0 is without cap.'],
  ['httpRequestsPerSecondMax', 'Requests of devices', 'A second, of all its HTTP devices together.'],
] as const;

function Form({ account, settings }: SettingsProps & { readonly settings: AccountSettings }): ReactNode {
  const [draft, setDraft] = useState<AccountSettings>({});
  const shown: AccountSettings = { ...settings, ...draft };
  const save = useMutation({
    mutationFn: () => client.accounts.patch(account, draft),
    onSuccess: async () => {
      await refresh(account, 'settings');
      setDraft({});
      toast.done('The settings of the account were changed.');
    },
    onError: (error) => toast.refused(error),
  });
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    save.mutate();
  };
  const set = (some: AccountSettings): void => setDraft({ ...draft, ...some });
  return (
    <form onSubmit={submit} className="stack">
      <Pace shown={shown} set={set} />
      <Rules shown={shown} set={set} />
      <div className="row">
        <Button type="submit" loading={save.isPending} disabled={Object.keys(draft).length === 0}>
          Save
        </Button>
        {Object.keys(draft).length === 0 ? null : (
          <Button variant="default" onClick={() => setDraft({})}>
            Discard
          </Button>
        )}
      </div>
    </form>
  );
}

interface PartProps {
  readonly shown: AccountSettings;
  readonly set: (some: AccountSettings) => void;
}

function Pace({ shown, set }: PartProps): ReactNode {
  return (
    <Panel title="Time and pace">
      <div className="settings-form">
        {ZONE_FIELDS.map(([name, label, description]) => (
          <Select
            key={name}
            label={label}
            description={description}
            searchable
            limit={50}
            allowDeselect={false}
            placeholder="UTC"
            data={ZONES.filter((zone) => zone !== 'device')}
            value={shown[name] ?? null}
            onChange={(zone) => set(zone === null ? {} : { [name]: zone })}
          />
        ))}
        {NUMBER_FIELDS.map(([name, label, description]) => (
          <NumberField
            key={name}
            label={label}
            description={description}
            min={0}
            placeholder="Without"
            value={shown[name] ?? ''}
            onChange={(value) => (typeof value === 'number' ? set({ [name]: value }) : undefined)}
          />
        ))}
        <Select
          label="Unknown HTTP devices"
          description="What becomes of devices that poll and are not in the account."
          allowDeselect={false}
          data={[
            { value: 'refuse', label: 'are refused' },
            { value: 'hold', label: 'are listed for approval' },
          ]}
          value={shown.unknownDevices ?? 'refuse'}
          onChange={(value) => set({ unknownDevices: value === 'hold' ? 'hold' : 'refuse' })}
        />
      </div>
    </Panel>
  );
}

function Rules({ shown, set }: PartProps): ReactNode {
  return (
    <Panel title="Rules">
      <div className="settings-form">
        {FLAGS.map(([name, label, description]) => (
          <Switch
            key={name}
            label={label}
            description={description}
            checked={shown[name] ?? false}
            onChange={(event) => set({ [name]: event.currentTarget.checked })}
          />
        ))}
      </div>
    </Panel>
  );
}
