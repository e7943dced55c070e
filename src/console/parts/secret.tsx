// A secret that is shown this once: to be read, or copied where the browser allows it.

import { Button } from '@mantine/core';
import type { ReactNode } from 'react';
import { toast } from './toasts.tsx';

export function Secret({ word, text }: { readonly word: string; readonly text: string }): ReactNode {
  const copy = (): void => {
    navigator.clipboard.writeText(text).then(() => toast.done(`${word} copied.`), toast.refused);
  };
  return (
    <div className="stack-tight">
      <span>
        <strong>{word}</strong> <span className="dimmed small">shown this once</span>
      </span>
      <code className="secret">{text}</code>
      {window.isSecureContext ? (
        <Button className="button-start" size="compact-xs" variant="default" onClick={copy}>
          Copy
        </Button>
      ) : null}
    </div>
  );
}
