// Links within the console: plain ones, and ones that look like a button.

import { Button, type ButtonProps } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import type { ReactNode } from 'react';

interface To {
  /** From the root, like `/0000123456-00001/campaigns`. */
  readonly to: string;
  readonly children: ReactNode;
}

export function PageLink({ to, children, className }: To & { readonly className?: string }): ReactNode {
  return (
    <Link to={to} className={className}>
      {children}
    </Link>
  );
}

export function LinkButton({ to, children, ...look }: To & ButtonProps): ReactNode {
  return (
    <Button {...look} renderRoot={(props) => <Link {...props} to={to} />}>
      {children}
    </Button>
  );
}
