// The way in: a sign-in link is exchanged once for a session, or a key is pasted.

import { Button, PasswordInput } from '@mantine/core';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type FormEvent, type ReactNode, useCallback, useEffect, useState } from 'react';
import type { SignInRequest } from '../../sdk/operator.ts';
import { client } from '../client.ts';
import { Bell } from '../layout/bell.tsx';
import { Busy } from '../parts/busy.tsx';
import { sentenceOf } from '../parts/failure.tsx';
import { useTitle } from '../parts/page.tsx';
import { begun } from './session.tsx';

/** What follows the # never reaches a server by itself; it is taken out of the address before anything else happens. */
function tokenInAddress(): string | undefined {
  const token = window.location.hash.slice(1);
  if (token === '') return undefined;
  window.history.replaceState(window.history.state, '', window.location.pathname);
  return token;
}

/** Only to an address of our own. */
const isOurs = (next: unknown): next is string =>
  typeof next === 'string' && /^\/(?![/\\])/.test(next) && !next.startsWith('/sign-in');

export function SignInPage(): ReactNode {
  useTitle('Sign in');
  const [error, setError] = useState<string>();
  const [isBusy, setBusy] = useState(false);
  const navigate = useNavigate();
  const { next }: { readonly next?: unknown } = useSearch({ strict: false });
  const signIn = useCallback(
    async (proof: SignInRequest) => {
      setBusy(true);
      setError(undefined);
      try {
        begun((await client.session.signIn(proof)).operator);
        await navigate({ href: isOurs(next) ? next : '/', replace: true });
      } catch (refused) {
        setError(sentenceOf(refused));
        setBusy(false);
      }
    },
    [navigate, next],
  );
  useEffect(() => {
    const look = (): void => {
      const token = tokenInAddress();
      if (token !== undefined) void signIn({ token });
    };
    look();
    // A link that is opened while this page is shown changes only what follows the #.
    window.addEventListener('hashchange', look);
    return () => window.removeEventListener('hashchange', look);
  }, [signIn]);
  return (
    <main className="sign-in">
      <div className="sign-in-panel">
        <h1>
          <Bell /> Campanile
        </h1>
        {isBusy ? <Busy what="Signing in" /> : <KeyForm error={error} signIn={(key) => void signIn({ key })} />}
        <p className="dimmed small">
          The API needs no browser: <a href="/docs">API reference</a>
        </p>
      </div>
    </main>
  );
}

interface KeyFormProps {
  readonly error: string | undefined;
  readonly signIn: (key: string) => void;
}

function KeyForm({ error, signIn }: KeyFormProps): ReactNode {
  const [key, setKey] = useState('');
  const submit = (event: FormEvent): void => {
    event.preventDefault();
    if (key.trim() !== '') signIn(key.trim());
  };
  return (
    <form onSubmit={submit} className="stack">
      <input type="text" name="username" autoComplete="username" defaultValue="operator" hidden readOnly />
      <p>
        Open a sign-in link: the server writes one when it starts for the first time, and{' '}
        <code>campanile login-link</code> makes another. Or paste the key of an operator.
      </p>
      <PasswordInput
        label="Key"
        autoComplete="current-password"
        value={key}
        onChange={(event) => setKey(event.currentTarget.value)}
        error={error}
        required
        withAsterisk={false}
      />
      <Button type="submit" fullWidth>
        Sign in
      </Button>
    </form>
  );
}
