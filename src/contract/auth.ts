// Credentials on the wire: OAuth2 client credentials and the session of contract.md §1.2 and §1.3.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, named, text } from './schema.ts';

/** contract.md §1.2 and §1.3. */
export const ACCESS_TOKEN_SECONDS = 3600;
export const SESSION_IDLE_SECONDS = 20 * 60;

export const SESSION_HEADER = 'VZ-M2M-Token';

const credential = text(LIMITS.credentialLengthMax);

/** The form body; the client's credentials come by Basic authorization or, RFC 6749 §2.3.1, as fields. */
export const OAuthTokenRequest = named(
  'OAuthTokenRequest',
  z.object(
    {
      grant_type: text(64),
      scope: text(1024, 0).exactOptional(),
      client_id: credential.exactOptional(),
      client_secret: credential.exactOptional(),
    },
    accepts('a form with grant_type=client_credentials'),
  ),
);
export type OAuthTokenRequest = z.infer<typeof OAuthTokenRequest>;

export const OAuthToken = named(
  'OAuthToken',
  z.object({
    access_token: z.string(),
    token_type: z.string(),
    expires_in: z.int().describe('Seconds that the token still lives.'),
    scope: z.string().exactOptional(),
  }),
);
export type OAuthToken = z.infer<typeof OAuthToken>;

export const OAuthRevokeRequest = named(
  'OAuthRevokeRequest',
  z.object(
    {
      token: text(4096),
      grant_type: text(64).exactOptional(),
      client_id: credential.exactOptional(),
      client_secret: credential.exactOptional(),
    },
    accepts('a form with token=…'),
  ),
);
export type OAuthRevokeRequest = z.infer<typeof OAuthRevokeRequest>;

export const OAuthErrorResponse = named(
  'OAuthErrorResponse',
  z.object({ error: z.string(), error_description: z.string().exactOptional() }),
);

export const LogInRequest = named(
  'LogInRequest',
  z.object({ username: credential, password: credential }, accepts('an object {"username": …, "password": …}')),
);
export type LogInRequest = z.infer<typeof LogInRequest>;

export const SessionTokenResponse = named('SessionTokenResponse', z.object({ sessionToken: z.string() }));
export type SessionTokenResponse = z.infer<typeof SessionTokenResponse>;

export const PasswordResetRequest = named(
  'PasswordResetRequest',
  z.object({ oldPassword: credential }, accepts('an object {"oldPassword": …}')),
);
export type PasswordResetRequest = z.infer<typeof PasswordResetRequest>;

export const PasswordResetResponse = named('PasswordResetResponse', z.object({ newPassword: z.string() }));
export type PasswordResetResponse = z.infer<typeof PasswordResetResponse>;
