// The way in for whoever starts a new server: a link for root, as long as nobody has ever signed in.
import { firstSignInLink } from '../api/index.ts';
import type { Store } from '../store/index.ts';
import { systemClock } from './clock.ts';
import type { Keys } from './keys.ts';
import { systemRandom } from './random.ts';

interface SignInParts {
  readonly store: Store;
  readonly keys: Keys;
  readonly publicHttpUrl: string;
}

export async function firstLink({ store, keys, publicHttpUrl }: SignInParts): Promise<string | undefined> {
  const { operatorKey, serverSecret } = keys;
  const secrets = { token: systemRandom.secret };
  const link = await firstSignInLink({ store, operatorKey, serverSecret, publicHttpUrl, clock: systemClock, secrets });
  return link?.url;
}
