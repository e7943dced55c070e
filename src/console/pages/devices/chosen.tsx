// What can be done with the devices that were chosen: all that match, or those that are ticked.

import { Button } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import type { DeviceView } from '../../../sdk/operator.ts';
import { handOver } from '../../handover.ts';
import { download } from '../../parts/download.ts';
import { toast } from '../../parts/toasts.tsx';
import { ChangeDialog } from './change-dialog.tsx';
import { devicesCsv } from './csv.ts';
import { type Choice, gather } from './gather.ts';

interface ChosenProps extends Choice {
  /** There are more on the server than are shown. */
  readonly hasMore: boolean;
  readonly chooseAll: () => void;
  readonly clear: () => void;
}

export function Chosen({ hasMore, chooseAll, clear, ...choice }: ChosenProps): ReactNode {
  const { account, isAll, imeis, shown } = choice;
  const [asked, setAsked] = useState<'label' | 'remove'>();
  const [read, setRead] = useState<number>();
  const navigate = useNavigate();
  const areAllShown = imeis.length === shown.length;
  const withAll = async (act: (devices: readonly DeviceView[]) => void | Promise<void>): Promise<void> => {
    setRead(0);
    try {
      await act(await gather(choice, setRead, new AbortController().signal));
    } catch (error) {
      toast.refused(error);
    } finally {
      setRead(undefined);
    }
  };
  const toCampaign = (devices: readonly DeviceView[]): Promise<void> => {
    handOver(devices.map(({ imei }) => imei));
    return navigate({ to: '/$account/campaigns/new', params: { account } });
  };
  const isBusy = read !== undefined;
  return (
    <section className="chosen" aria-label="Chosen devices">
      <span role="status">
        <strong>{isAll ? 'All devices that match' : `${imeis.length.toLocaleString('en')} chosen`}</strong>
        {isBusy && read > 0 ? ` · ${read.toLocaleString('en')} read` : ''}
      </span>
      {areAllShown && hasMore && !isAll ? (
        <Button size="xs" variant="subtle" onClick={chooseAll}>
          Choose all that match
        </Button>
      ) : null}
      <Button size="xs" loading={isBusy} onClick={() => void withAll(toCampaign)}>
        New campaign
      </Button>
      <Button size="xs" variant="default" disabled={isBusy} onClick={() => setAsked('label')}>
        Label
      </Button>
      <Button
        size="xs"
        variant="default"
        disabled={isBusy}
        onClick={() => void withAll((devices) => download(`devices-${account}.csv`, 'text/csv', devicesCsv(devices)))}
      >
        Export CSV
      </Button>
      <Button size="xs" variant="outline" color="red" disabled={isBusy} onClick={() => setAsked('remove')}>
        Remove
      </Button>
      <Button size="xs" variant="subtle" onClick={clear}>
        Clear
      </Button>
      {asked === undefined ? null : (
        <ChangeDialog change={asked} choice={choice} close={() => setAsked(undefined)} clear={clear} />
      )}
    </section>
  );
}
