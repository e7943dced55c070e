// What could not be read or done, in the sentence of the server.

import { Alert, Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { CampanileError } from '../../sdk/operator.ts';

export function sentenceOf(error: unknown): string {
  if (error instanceof CampanileError) {
    return error.status === 0 ? 'The server cannot be reached at the moment.' : error.errorMessage;
  }
  return error instanceof Error ? error.message : String(error);
}

export function Failure({ error, again }: { readonly error: unknown; readonly again?: () => void }): ReactNode {
  return (
    <Alert color="red" variant="light" title="That did not work" role="alert">
      <p>{sentenceOf(error)}</p>
      {again === undefined ? null : (
        <Button variant="default" size="xs" mt="sm" onClick={again}>
          Try again
        </Button>
      )}
    </Alert>
  );
}
