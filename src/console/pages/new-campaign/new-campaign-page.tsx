// A new campaign, step by step: package, devices, dates and windows, rollout, and one sentence that says what will be done.

import { Button, Stepper } from '@mantine/core';
import { useQuery } from '@tanstack/react-query';
import { useSearch } from '@tanstack/react-router';
import { type ReactNode, useEffect, useState } from 'react';
import type { PackageView } from '../../../sdk/operator.ts';
import { useAccount } from '../../account.ts';
import { client } from '../../client.ts';
import { clock } from '../../clock.ts';
import { handedOver } from '../../handover.ts';
import { Empty, Page, Panel } from '../../parts/page.tsx';
import { WhenFields } from '../../parts/when-fields.tsx';
import { accountKey } from '../../queries.ts';
import { useMay } from '../../session/session.tsx';
import { Check } from './check.tsx';
import { DevicesStep } from './devices-step.tsx';
import { type Draft, draftLike, newDraft, wavesOf } from './draft.ts';
import { PackageStep } from './package-step.tsx';
import { RolloutStep } from './rollout-step.tsx';

const STEPS = ['Package', 'Devices', 'Dates and windows', 'Rollout', 'Check'] as const;
const PACKAGES_MAX = 1_000;

export function NewCampaignPage(): ReactNode {
  const account = useAccount();
  const may = useMay('operator');
  const [step, setStep] = useState(0);
  const [draft, setDraft] = useState<Draft>(() => newDraft(clock.now(), handedOver()));
  const change = (part: Partial<Draft>): void => setDraft((before) => ({ ...before, ...part }));
  useLike(account, setDraft);
  const { data: packages } = useQuery({
    queryKey: accountKey(account, 'packages', 'all'),
    queryFn: async ({ signal }) => (await client.packages.list(account, { limit: PACKAGES_MAX, signal })).items,
  });
  const chosen = packages?.find(({ name }) => name === draft.packageName);
  if (!may) {
    return (
      <Page title="New campaign">
        <Empty title="A viewer makes no campaigns.">Ask an admin of this server for the role of an operator.</Empty>
      </Page>
    );
  }
  const missing = missingOf(step, draft, chosen);
  return (
    <Page title="New campaign">
      <Panel>
        <Stepper active={step} onStepClick={(to) => setStep(Math.min(to, step))} size="sm" iconSize={30}>
          {STEPS.map((label) => (
            <Stepper.Step key={label} label={label} />
          ))}
        </Stepper>
        <section aria-label={STEPS[step]} className="stack">
          {step === 0 ? <PackageStep {...{ account, packages, draft, change }} /> : null}
          {step === 1 ? <DevicesStep {...{ account, chosen, draft, change }} /> : null}
          {step === 2 ? <WhenFields value={draft.when} change={(when) => change({ when })} /> : null}
          {step === 3 ? (
            <RolloutStep
              rollout={draft.rollout}
              devices={draft.imeis.length}
              change={(rollout) => change({ rollout })}
            />
          ) : null}
          {step === 4 && chosen !== undefined ? <Check {...{ account, chosen, draft, change }} /> : null}
        </section>
        <div className="row wizard-foot">
          {step === 0 ? null : (
            <Button variant="default" onClick={() => setStep(step - 1)}>
              Back
            </Button>
          )}
          {step === STEPS.length - 1 ? null : (
            <Button onClick={() => setStep(step + 1)} disabled={missing !== undefined}>
              Next: {STEPS[step + 1]?.toLowerCase()}
            </Button>
          )}
          {missing === undefined || step === STEPS.length - 1 ? null : <span className="dimmed small">{missing}</span>}
        </div>
      </Panel>
    </Page>
  );
}

/** What the next step needs, as a sentence. */
function missingOf(
  step: number,
  { imeis, when, rollout, from, transport }: Draft,
  chosen: PackageView | undefined,
): string | undefined {
  if (step === 0 && chosen === undefined) return 'Choose a package.';
  if (step === 0 && (from === null || transport === null)) return 'Choose what it starts from and how it travels.';
  if (step === 1 && imeis.length === 0) return 'Choose at least one device.';
  if (step === 2 && !(when.endDate >= when.startDate)) return 'The last day is not before the first.';
  if (step === 3 && rollout.kind === 'waves' && wavesOf(rollout.waves) === undefined)
    return 'Waves are percents of at most 100 in all.';
  return undefined;
}

/** `?like=` a campaign: its package, hours, zone, rule and devices. */
function useLike(account: string, setDraft: (change: (before: Draft) => Draft) => void): void {
  const { like }: { readonly like?: string } = useSearch({ strict: false });
  const { data } = useQuery({
    queryKey: accountKey(account, 'campaigns', 'like', like),
    queryFn: ({ signal }) => copied(account, like ?? '', signal),
    enabled: like !== undefined,
    refetchInterval: false,
    staleTime: Number.POSITIVE_INFINITY,
  });
  useEffect(() => {
    if (data !== undefined) setDraft((before) => ({ ...draftLike(before, data.campaign), imeis: data.imeis }));
  }, [data, setDraft]);
}

const COPIED_PAGE = 1_000;

async function copied(account: string, like: string, signal: AbortSignal) {
  const campaign = await client.campaigns.get(account, like, { signal });
  const imeis: string[] = [];
  for await (const { imei } of client.campaigns.eachUpdate(account, like, { limit: COPIED_PAGE, signal }))
    imeis.push(imei);
  return { campaign, imeis };
}
