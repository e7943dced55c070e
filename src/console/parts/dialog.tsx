// A dialog that asks before something is done: what it means above, a reason where one is wanted, and two buttons.

import { Button, Modal, Textarea } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { sentenceOf } from './failure.tsx';

interface DialogProps {
  readonly title: string;
  /** What the button that does it says. */
  readonly doing: string;
  /** What it does cannot be undone. */
  readonly isGrave?: boolean;
  /** Whether a reason may or must be given; absent: it is not asked for. */
  readonly reason?: 'optional' | 'required';
  readonly isPending: boolean;
  readonly isBlocked?: boolean;
  readonly error: Error | null;
  readonly close: () => void;
  readonly confirm: (reason: string | undefined) => void;
  readonly size?: string;
  readonly children: ReactNode;
}

export function Dialog(props: DialogProps): ReactNode {
  const {
    title,
    doing,
    isGrave = false,
    reason,
    isPending,
    isBlocked = false,
    error,
    close,
    confirm,
    size,
    children,
  } = props;
  const [text, setText] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    confirm(text.trim() === '' ? undefined : text.trim());
  };
  return (
    <Modal opened onClose={close} title={title} size={size ?? 'lg'} closeButtonProps={{ 'aria-label': 'Close' }}>
      <form className="stack" onSubmit={submit}>
        {children}
        {reason === undefined ? null : (
          <Textarea
            label="Reason"
            description="Kept in the ledger and in the audit log."
            required={reason === 'required'}
            value={text}
            onChange={(event) => setText(event.currentTarget.value)}
            autosize={false}
            rows={2}
          />
        )}
        {error === null ? null : (
          <p role="alert" className="error">
            {sentenceOf(error)}
          </p>
        )}
        <div className="row dialog-foot">
          <Button variant="default" onClick={close}>
            Back
          </Button>
          <Button type="submit" color={isGrave ? 'red' : 'cyan'} loading={isPending} disabled={isBlocked}>
            {doing}
          </Button>
        </div>
      </form>
    </Modal>
  );
}
