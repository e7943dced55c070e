// One profile: which devices, and how they behave.

import { Select, Switch, TextInput } from '@mantine/core';
import { type ReactNode, useState } from 'react';
import type { Profile } from '../../../sdk/operator.ts';
import { Dialog } from '../../parts/dialog.tsx';

interface ProfileDialogProps {
  /** Undefined: a new one. */
  readonly profile: Profile | undefined;
  readonly isPending: boolean;
  readonly error: Error | null;
  readonly close: () => void;
  readonly keep: (profile: Profile) => void;
}

const CHOICES = [
  [
    'ddiClient',
    'HTTP client',
    { streaming: 'downloads and installs in one', split: 'downloads, then waits to be told' },
  ],
  ['handling', 'HTTP devices', { forced: 'are told to begin', attempt: 'choose when they begin' }],
  ['delivery', 'LwM2M image', { pull: 'is fetched by the device', push: 'is pushed to the device' }],
  [
    'leastEvidence',
    'Success needs',
    { version: 'the new version, read', restart: 'a restart with a good result', reported: 'the word of the device' },
  ],
] as const;

const FLAGS = [
  ['autoInstalls', 'Installs by itself', 'LwM2M: once it has the image, without being told.'],
  ['confirms', 'Its user agrees first', 'HTTP: somebody at the device agrees to each installation.'],
] as const;

type Draft = Partial<Profile>;

export function ProfileDialog({ profile, isPending, error, close, keep }: ProfileDialogProps): ReactNode {
  const [draft, setDraft] = useState<Draft>(profile ?? {});
  const set = (some: Draft): void => setDraft({ ...draft, ...some });
  const without = (name: keyof Profile): void => {
    const { [name]: _gone, ...rest } = draft;
    setDraft(rest);
  };
  const { make = '' } = draft;
  return (
    <Dialog
      title={profile === undefined ? 'Add a profile' : 'Edit a profile'}
      doing="Keep"
      isPending={isPending}
      isBlocked={make.trim() === ''}
      error={error}
      close={close}
      confirm={() => keep(trimmed({ ...draft, make }))}
    >
      <Fields {...{ draft, set, without }} />
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly set: (some: Draft) => void;
  readonly without: (name: keyof Profile) => void;
}

function Fields({ draft, set, without }: FieldsProps): ReactNode {
  return (
    <div className="settings-form">
      <TextInput
        label="Make"
        required
        withAsterisk={false}
        value={draft.make ?? ''}
        onChange={(event) => set({ make: event.currentTarget.value })}
      />
      <TextInput
        label="Model"
        placeholder="Every model"
        value={draft.model ?? ''}
        onChange={(event) => set({ model: event.currentTarget.value })}
      />
      {CHOICES.map(([name, label, words]) => (
        <Select
          key={name}
          label={label}
          placeholder="as usual"
          clearable
          data={Object.entries(words).map(([value, word]) => ({ value, label: word }))}
          value={draft[name] ?? null}
          onChange={(value) => (value === null ? without(name) : set({ [name]: value }))}
        />
      ))}
      <TextInput
        label="Version attribute"
        description="HTTP: the attribute that tells the version."
        value={draft.versionAttribute ?? ''}
        onChange={(event) => set({ versionAttribute: event.currentTarget.value })}
      />
      {FLAGS.map(([name, label, description]) => (
        <Switch
          key={name}
          label={label}
          description={description}
          checked={draft[name] ?? false}
          onChange={(event) => (event.currentTarget.checked ? set({ [name]: true }) : without(name))}
        />
      ))}
    </div>
  );
}

/** Empty texts are absent. */
function trimmed(profile: Profile): Profile {
  const { make, model = '', versionAttribute = '', ...rest } = profile;
  return {
    ...rest,
    make: make.trim(),
    ...(model.trim() === '' ? {} : { model: model.trim() }),
    ...(versionAttribute.trim() === '' ? {} : { versionAttribute: versionAttribute.trim() }),
  };
}
