// Operator API: who may use it: operators and their roles, one-time sign-in links, sessions of browsers.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { ROLES } from './roles.ts';
import { accepts, named, oneOf, text, withoutNulls } from './schema.ts';
import { InstantText, pageOf } from './shared.ts';

/** The cookie that carries the session of a browser. */
export const SESSION_COOKIE = 'campanile_session';
/** What a change in such a session has to carry beside it, since a browser sends cookies by itself. */
export const CSRF_HEADER = 'x-campanile-csrf';

const NAME = accepts(
  `1 to ${LIMITS.operatorNameLengthMax} of the characters a-z, 0-9, dot, underscore and hyphen, not just "." or ".."`,
);

/** Names stand in paths, where one or two dots alone mean something else. */
export const OperatorName = z
  .string(NAME)
  .max(LIMITS.operatorNameLengthMax, NAME)
  .regex(/^(?!\.\.?$)[a-z0-9._-]+$/, NAME);

const role = oneOf(ROLES).describe(
  'viewer reads. operator also changes campaigns, devices, packages, callbacks. admin may do everything.',
);

export const OperatorParams = z.object({ name: OperatorName });

export const NewOperator = named(
  'NewOperator',
  z.preprocess(withoutNulls, z.object({ name: OperatorName, role }, accepts('an object {"name": …, "role": …}'))),
);
export type NewOperator = z.infer<typeof NewOperator>;

export const OperatorPatch = named(
  'OperatorPatch',
  z.preprocess(
    withoutNulls,
    z.object(
      {
        role: role.exactOptional(),
        disabled: z
          .boolean(accepts('true or false'))
          .describe('A disabled operator has no access until it is enabled again; its sessions end.')
          .exactOptional(),
      },
      accepts('an object {"role": …, "disabled": …}'),
    ),
  ),
);
export type OperatorPatch = z.infer<typeof OperatorPatch>;

export const OperatorView = named(
  'OperatorView',
  z.object({
    name: z.string(),
    role,
    createdAt: InstantText,
    disabledAt: InstantText.exactOptional(),
    lastSignInAt: InstantText.describe(
      'When a session of it began last; calls with its key begin none.',
    ).exactOptional(),
  }),
);
export type OperatorView = z.infer<typeof OperatorView>;
export const OperatorPage = pageOf('OperatorPage', OperatorView);

/** Shown once, when it is made. */
export const OperatorKey = named(
  'OperatorKey',
  z.object({ name: z.string(), role, key: z.string().describe('Shown this once; only its hash is kept.') }),
);
export type OperatorKey = z.infer<typeof OperatorKey>;

export const MeView = named(
  'MeView',
  z.object({
    name: z.string().describe('root: the operator of the key that the server itself was given.'),
    role,
    signedInBy: z.enum(['key', 'session']),
  }),
);
export type MeView = z.infer<typeof MeView>;

export const SignInLinkRequest = named(
  'SignInLinkRequest',
  z.preprocess(
    withoutNulls,
    z.object(
      { name: OperatorName.describe('For whom; absent: for the caller.').exactOptional() },
      accepts('an object {"name": …}, or {}'),
    ),
  ),
);
export type SignInLinkRequest = z.infer<typeof SignInLinkRequest>;

export const SignInLinkView = named(
  'SignInLinkView',
  z.object({ url: z.string().describe('Opens a session once.'), name: z.string(), expiresAt: InstantText }),
);
export type SignInLinkView = z.infer<typeof SignInLinkView>;

const ONE_PROOF = accepts('an object {"token": …} with what follows the # of a sign-in link, or {"key": …}');
const proof = text(LIMITS.credentialLengthMax).exactOptional();

export const SignInRequest = named(
  'SignInRequest',
  z.preprocess(
    withoutNulls,
    z
      .object({ token: proof, key: proof }, ONE_PROOF)
      .refine(({ token, key }) => (token === undefined) !== (key === undefined), ONE_PROOF),
  ),
);
export type SignInRequest = z.infer<typeof SignInRequest>;

export const OperatorSessionView = named(
  'OperatorSessionView',
  z.object({
    operator: z.object({ name: z.string(), role }),
    csrfToken: z.string().describe(`Changes in this session carry it in the header ${CSRF_HEADER}.`),
    expiresAt: InstantText.describe('When it ends unless it is used before.'),
  }),
);
export type OperatorSessionView = z.infer<typeof OperatorSessionView>;
