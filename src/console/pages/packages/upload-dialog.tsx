// Uploads an image as a package, in pieces that go on after a cut, and tells how far it is.

import { Button, Checkbox, FileButton, Progress, Select, TextInput } from '@mantine/core';
import { useMutation } from '@tanstack/react-query';
import { type ReactNode, useState } from 'react';
import type { PackagePart } from '../../../sdk/operator.ts';
import { Dialog } from '../../parts/dialog.tsx';
import { toast } from '../../parts/toasts.tsx';
import { refresh } from '../../queries.ts';
import { sizeText } from './size.ts';
import { type Progressed, upload } from './upload.ts';

type Kind = PackagePart['kind'];
type Transport = PackagePart['transports'][number];

interface Draft {
  readonly kind: Kind;
  readonly name: string;
  readonly from: string;
  readonly to: string;
  readonly make: string;
  readonly model: string;
  readonly transports: readonly Transport[];
  readonly signature: string;
}

const EMPTY: Draft = {
  kind: 'firmware',
  name: '',
  from: '',
  to: '',
  make: '',
  model: '',
  transports: ['LWM2M'],
  signature: '',
};

function partOf({ kind, name, from, to, make, model, transports, signature }: Draft): PackagePart {
  const versions = from.split(',').map((one) => one.trim());
  return {
    kind,
    name: name.trim(),
    from: versions.length === 1 ? (versions[0] ?? '') : versions,
    to: to.trim(),
    make: make.trim(),
    model: model.trim(),
    transports: [...transports],
    ...(signature.trim() === '' ? {} : { signature: signature.trim() }),
  };
}

export function UploadDialog({ account, close }: { readonly account: string; readonly close: () => void }): ReactNode {
  const [draft, setDraft] = useState(EMPTY);
  const [file, setFile] = useState<File | null>(null);
  const [progress, setProgress] = useState<Progressed>();
  const send = useMutation({
    mutationFn: (image: File) => upload(account, partOf(draft), image, setProgress),
    onSuccess: async ({ name }) => {
      toast.done(`Package ${name} is there.`);
      close();
      await refresh(account, 'packages');
    },
    onError: () => setProgress(undefined),
  });
  return (
    <Dialog
      title="Upload a package"
      doing="Upload"
      isPending={send.isPending}
      isBlocked={file === null || draft.transports.length === 0}
      error={send.error}
      close={close}
      confirm={() => {
        if (file !== null) send.mutate(file);
      }}
      size="xl"
    >
      <div className="row">
        <FileButton onChange={setFile}>
          {(props) => (
            <Button {...props} variant="default">
              Choose the image
            </Button>
          )}
        </FileButton>
        {file === null ? (
          <span className="dimmed">The file that devices download.</span>
        ) : (
          <span>
            {file.name} <span className="dimmed">{sizeText(file.size)}</span>
          </span>
        )}
      </div>
      <Fields draft={draft} change={(some) => setDraft({ ...draft, ...some })} />
      {progress === undefined ? null : (
        <div role="status">
          <Progress value={progress.percent} aria-label={progress.word} animated={progress.percent < 100} />
          <span className="small number">{progress.word}</span>
        </div>
      )}
    </Dialog>
  );
}

interface FieldsProps {
  readonly draft: Draft;
  readonly change: (some: Partial<Draft>) => void;
}

const TEXTS = [
  ['name', 'Name', 'modem-firmware', 'By which campaigns name it.'],
  ['from', 'From versions', '1.4.2, 1.4.3', 'Separated by commas; * for a full image.'],
  ['to', 'To version', '1.5.0', 'What the device reports afterwards.'],
  ['make', 'Make', 'Acme', 'Of the devices, exactly.'],
  ['model', 'Model', 'Modem', 'Of the devices, exactly.'],
] as const;

function Fields({ draft, change }: FieldsProps): ReactNode {
  return (
    <>
      <div className="settings-form">
        <Select
          label="Kind"
          description="Firmware over LwM2M, software over HTTP."
          allowDeselect={false}
          data={['firmware', 'software', 'file']}
          value={draft.kind}
          onChange={(kind) => change({ kind: kind as Kind, transports: [kind === 'firmware' ? 'LWM2M' : 'HTTP'] })}
        />
        {TEXTS.map(([name, word, example, description]) => (
          <TextInput
            key={name}
            label={word}
            description={description}
            placeholder={example}
            required
            withAsterisk={false}
            value={draft[name]}
            onChange={(event) => change({ [name]: event.currentTarget.value })}
          />
        ))}
        <Checkbox.Group
          label="Transports"
          description="How devices get it."
          value={[...draft.transports]}
          onChange={(transports) => change({ transports: transports as Transport[] })}
        >
          <div className="row choices">
            <Checkbox value="LWM2M" label="LwM2M" />
            <Checkbox value="HTTP" label="HTTP" />
          </div>
        </Checkbox.Group>
      </div>
      <TextInput
        label="Signature"
        description="Optional: Ed25519 over the 32 bytes of the image's SHA-256, in base64, by an image key of the account."
        value={draft.signature}
        onChange={(event) => change({ signature: event.currentTarget.value })}
      />
    </>
  );
}
