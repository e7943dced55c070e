// Devices of the account that fit the package and what else is asked: version, label, when they were heard last.

import { Button, Progress, Select, Switch, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { DeviceSearch, DeviceView, PackageView } from '../../../sdk/operator.ts';
import { client } from '../../client.ts';
import { clock } from '../../clock.ts';
import { Failure } from '../../parts/failure.tsx';
import { manyOf } from '../../parts/words.ts';
import { type DeviceList, deviceList } from './device-list.ts';
import type { Draft } from './draft.ts';

interface FilterDevicesProps {
  readonly account: string;
  readonly chosen: PackageView | undefined;
  readonly draft: Draft;
  readonly take: (list: DeviceList) => void;
}

interface Filter {
  /** `key=value`, or empty. */
  readonly label: string;
  readonly heardDays: string | null;
  readonly isVersionWanted: boolean;
}

const PAGE_SIZE = 1_000;
const DAY_MS = 86_400_000;

export function FilterDevices({ account, chosen, draft, take }: FilterDevicesProps): ReactNode {
  const [filter, setFilter] = useState<Filter>({ label: '', heardDays: null, isVersionWanted: true });
  const [looked, setLooked] = useState(0);
  const find = useMutation({
    mutationFn: async () => {
      const imeis: string[] = [];
      let count = 0;
      for await (const device of client.devices.each(account, {
        limit: PAGE_SIZE,
        search: searchFor(filter, chosen),
      })) {
        count += 1;
        if (count % PAGE_SIZE === 0) setLooked(count);
        if (fits(device, filter, { draft, chosen })) imeis.push(device.imei);
      }
      setLooked(count);
      return imeis;
    },
    onSuccess: (imeis) => take(deviceList(imeis)),
  });
  const set = (part: Partial<Filter>): void => setFilter({ ...filter, ...part });
  return (
    <div className="stack">
      <p className="dimmed">
        Devices of {chosen?.make} {chosen?.model} that are reached over {draft.transport}.
      </p>
      <div className="filters">
        <TextInput
          label="Label"
          placeholder="site=north"
          value={filter.label}
          onChange={(event) => set({ label: event.currentTarget.value })}
        />
        <Select
          label="Heard within"
          placeholder="Any time"
          clearable
          data={[
            { value: '1', label: 'a day' },
            { value: '7', label: 'a week' },
            { value: '30', label: '30 days' },
          ]}
          value={filter.heardDays}
          onChange={(heardDays) => set({ heardDays })}
        />
        <Button onClick={() => find.mutate()} loading={find.isPending}>
          Find them
        </Button>
      </div>
      <Switch
        label={`Only those that run ${draft.from} or have not told their version`}
        checked={filter.isVersionWanted}
        onChange={(event) => set({ isVersionWanted: event.currentTarget.checked })}
        disabled={draft.from === '*'}
      />
      <Looked {...{ looked, isPending: find.isPending, isDone: find.isSuccess, error: find.error }} />
    </div>
  );
}

/** What the server looks for by an index; the rest is looked at here. */
function searchFor({ label }: Filter, chosen: PackageView | undefined): DeviceSearch {
  const isPair = /^[^=]+=.+$/.test(label.trim());
  return {
    ...(chosen === undefined ? {} : { make: chosen.make, model: chosen.model }),
    ...(isPair ? { label: label.trim() } : {}),
  };
}

interface Aim {
  readonly draft: Draft;
  readonly chosen: PackageView | undefined;
}

function fits(device: DeviceView, { label, heardDays, isVersionWanted }: Filter, { draft, chosen }: Aim): boolean {
  const { make, model, transport, labels, lastSeenAt, firmware, software } = device;
  // What is not known yet is judged by the server at the first contact.
  if (chosen !== undefined && ((make ?? chosen.make) !== chosen.make || (model ?? chosen.model) !== chosen.model))
    return false;
  if (transport !== draft.transport) return false;
  const [key = '', value = ''] = label.split('=').map((part) => part.trim());
  if (key !== '' && (value === '' ? labels[key] === undefined : labels[key] !== value)) return false;
  if (heardDays !== null && !(clock.now() - Date.parse(lastSeenAt ?? '') < Number(heardDays) * DAY_MS)) return false;
  if (!isVersionWanted || draft.from === null || draft.from === '*') return true;
  const versions = transport === 'LWM2M' ? [firmware] : Object.values(software);
  const known = versions.filter((one) => one !== undefined && one !== '');
  return known.length === 0 || known.includes(draft.from);
}

interface LookedProps {
  readonly looked: number;
  readonly isPending: boolean;
  readonly isDone: boolean;
  readonly error: Error | null;
}

function Looked({ looked, isPending, isDone, error }: LookedProps): ReactNode {
  const words = `${manyOf(looked, 'device')} ${looked === 1 ? 'was' : 'were'} looked at.`;
  return (
    <>
      {isPending ? <Progress value={100} animated aria-label={words} /> : null}
      {error === null ? null : <Failure error={error} />}
      {isDone ? <p className="dimmed small">{words}</p> : null}
    </>
  );
}
