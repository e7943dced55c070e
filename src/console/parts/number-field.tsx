// A field for a whole number. The browser's own does it; a library for it weighs more than all our pages that use one.

import { TextInput } from '@mantine/core';
import type { ReactNode } from 'react';

interface NumberFieldProps {
  readonly label: string;
  readonly description?: string;
  readonly placeholder?: string;
  readonly className?: string;
  readonly min?: number;
  readonly max?: number;
  readonly value: number | '';
  /** Empty: nothing is written in it. */
  readonly onChange: (value: number | '') => void;
}

export function NumberField({ onChange, ...rest }: NumberFieldProps): ReactNode {
  return (
    <TextInput
      {...rest}
      type="number"
      step={1}
      inputMode="numeric"
      onChange={(event) => {
        const { value, valueAsNumber } = event.currentTarget;
        onChange(value === '' || Number.isNaN(valueAsNumber) ? '' : valueAsNumber);
      }}
    />
  );
}
