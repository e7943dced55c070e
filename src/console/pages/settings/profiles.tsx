// How the kinds of device of the account behave; the first profile that fits a device counts.

import { Button } from '@mantine/core';
import { useMutation, useQuery } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { Profile } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { Busy } from '../../parts/busy.tsx';
import { type Column, DataTable } from '../../parts/data-table.tsx';
import { Failure } from '../../parts/failure.tsx';
import { Icon } from '../../parts/icon.tsx';
import { Empty, Panel } from '../../parts/page.tsx';
import { toast } from '../../parts/toasts.tsx';
import { accountKey, refresh } from '../../queries.ts';
import type { SettingsProps } from './account-form.tsx';
import { ProfileDialog } from './profile-dialog.tsx';

export function Profiles({ account }: SettingsProps): ReactNode {
  const { data, error, refetch } = useQuery({
    queryKey: accountKey(account, 'settings', 'profiles'),
    queryFn: ({ signal }) => client.httpDevices.profiles(account, { signal }),
  });
  if (data !== undefined) return <Editor account={account} profiles={data} />;
  return error === null ? <Busy what="Loading the profiles" /> : <Failure error={error} again={() => void refetch()} />;
}

function Editor({ account, profiles }: SettingsProps & { readonly profiles: readonly Profile[] }): ReactNode {
  /** The place of the profile that is edited; one beyond the last is a new one. */
  const [place, setPlace] = useState<number>();
  const put = useMutation({
    mutationFn: (next: readonly Profile[]) => client.httpDevices.putProfiles(account, next),
    onSuccess: async () => {
      await refresh(account, 'settings');
      toast.done('The profiles were changed.');
      setPlace(undefined);
    },
    onError: (error) => toast.refused(error),
  });
  const without = (at: number): readonly Profile[] => profiles.filter((_, other) => other !== at);
  const up = (at: number): void => {
    const one = profiles[at];
    if (one !== undefined) put.mutate(without(at).toSpliced(at - 1, 0, one));
  };
  const act = { edit: setPlace, up, leave: (at: number) => put.mutate(without(at)) };
  return (
    <Panel
      title="Device profiles"
      aside={
        <Button size="xs" onClick={() => setPlace(profiles.length)}>
          Add a profile
        </Button>
      }
    >
      <p className="dimmed">
        Devices without a profile are taken to download and install in one (HTTP), and to install when told (LwM2M).
      </p>
      <DataTable
        label="Profiles"
        columns={columnsFor(act, put.isPending)}
        rows={profiles.map((profile, at) => ({ profile, at }))}
        keyOf={({ at }) => String(at)}
        empty={<Empty title="There is no profile.">Add one for a kind of device that behaves otherwise.</Empty>}
      />
      {place === undefined ? null : (
        <ProfileDialog
          profile={profiles[place]}
          isPending={put.isPending}
          error={put.error}
          close={() => setPlace(undefined)}
          keep={(profile) => put.mutate(profiles.toSpliced(place, 1, profile))}
        />
      )}
    </Panel>
  );
}

interface Placed {
  readonly profile: Profile;
  readonly at: number;
}

interface Act {
  readonly edit: (at: number) => void;
  readonly up: (at: number) => void;
  readonly leave: (at: number) => void;
}

const columnsFor = ({ edit, up, leave }: Act, isPending: boolean): readonly Column<Placed>[] => [
  {
    id: 'kind',
    head: 'Devices',
    cell: ({ profile: { make, model } }) => (
      <>
        <span className="strong">{make}</span> {model ?? <span className="dimmed">every model</span>}
      </>
    ),
  },
  { id: 'ways', head: 'How they behave', cell: ({ profile }) => waysOf(profile).join(' · ') || 'as usual' },
  {
    id: 'act',
    head: 'Act',
    cell: ({ at }) => (
      <div className="row">
        <Button size="compact-xs" variant="default" onClick={() => edit(at)}>
          Edit
        </Button>
        {at === 0 ? null : (
          <Button size="compact-xs" variant="default" disabled={isPending} aria-label="Up" onClick={() => up(at)}>
            <Icon name="up" size={14} />
          </Button>
        )}
        <Button size="compact-xs" variant="subtle" color="red" disabled={isPending} onClick={() => leave(at)}>
          Delete
        </Button>
      </div>
    ),
  },
];

function waysOf(profile: Profile): readonly string[] {
  const { ddiClient, autoInstalls, leastEvidence, delivery, handling, confirms, versionAttribute } = profile;
  return [
    ...(ddiClient === undefined
      ? []
      : [ddiClient === 'split' ? 'downloads, then waits' : 'downloads and installs in one']),
    ...(autoInstalls === true ? ['installs by itself'] : []),
    ...(leastEvidence === undefined ? [] : [`success needs ${leastEvidence}`]),
    ...(delivery === undefined ? [] : [delivery === 'push' ? 'is pushed to' : 'pulls']),
    ...(handling === undefined ? [] : [handling === 'attempt' ? 'may choose when' : 'is told to begin']),
    ...(confirms === true ? ['its user agrees first'] : []),
    ...(versionAttribute === undefined ? [] : [`version in ${versionAttribute}`]),
  ];
}
