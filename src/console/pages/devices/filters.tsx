// What can be looked for among devices: each field narrows the list further.

import { Button, Select, TextInput } from '@mantine/core';
import type { ReactNode } from 'react';
import { useTyped, type Wanted } from '../../parts/address.ts';
import { SEARCHED, SEEN_WORDS, STATES, UNKNOWN } from './search.ts';

interface FiltersProps {
  readonly wanted: Wanted;
  readonly want: (change: Wanted) => void;
}

export function Filters({ wanted, want }: FiltersProps): ReactNode {
  const isNarrowed = SEARCHED.some((name) => wanted[name] !== undefined);
  return (
    <search className="filters filters-many">
      <Typed label="IMEI" name="imei" placeholder="Its end, or 3527*" {...{ wanted, want }} />
      <Typed label="Make" name="make" placeholder="Exactly" {...{ wanted, want }} />
      <Typed label="Model" name="model" placeholder="Exactly" {...{ wanted, want }} />
      <Select
        label="Transport"
        placeholder="Both"
        clearable
        data={['LWM2M', 'HTTP']}
        value={wanted['transport'] ?? null}
        onChange={(value) => want({ transport: value ?? '' })}
      />
      <Typed label="Running version" name="version" placeholder={`1.4.2, or ${UNKNOWN}`} {...{ wanted, want }} />
      <Typed label="Label" name="label" placeholder="site=north" {...{ wanted, want }} />
      <Select
        label="Last contact"
        placeholder="Any time"
        clearable
        data={Object.entries(SEEN_WORDS).map(([value, label]) => ({ value, label }))}
        value={wanted['seen'] ?? null}
        onChange={(value) => want({ seen: value ?? '' })}
      />
      <Select
        label="State in its campaign"
        placeholder="Any"
        clearable
        data={STATES}
        value={wanted['state'] ?? null}
        onChange={(value) => want({ state: value ?? '' })}
      />
      {isNarrowed ? (
        <Button variant="subtle" onClick={() => want(Object.fromEntries(SEARCHED.map((name) => [name, ''])))}>
          Clear
        </Button>
      ) : null}
    </search>
  );
}

interface TypedProps extends FiltersProps {
  readonly label: string;
  readonly name: string;
  readonly placeholder: string;
}

function Typed({ label, name, placeholder, wanted, want }: TypedProps): ReactNode {
  const [text, setText] = useTyped(wanted[name] ?? '', (value) => want({ [name]: value }));
  return (
    <TextInput
      label={label}
      placeholder={placeholder}
      value={text}
      onChange={(event) => setText(event.currentTarget.value)}
    />
  );
}
