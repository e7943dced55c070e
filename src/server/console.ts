// Serves the console: static files that were built before, and its one page for every address of its own.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import fastifyStatic from '@fastify/static';
import type { FastifyInstance, FastifyReply } from 'fastify';

/** Beside the sources of this file, and beside what they are compiled to. */
const BUILT: readonly string[] = ['../../dist/console', '../console'].map((path) => join(import.meta.dirname, path));

/** contract.md §2: how an account is named. */
const ACCOUNT = ':account(^\\d{10}-\\d{5}$)';

/** What the console shows of an account. HTTP devices are served below names of accounts too, so each is named. */
const ROOMS: readonly string[] = ['campaigns', 'devices', 'packages', 'callbacks', 'audit', 'settings'];

/** Addresses that the console itself understands; all others are answered by the API. */
const PAGES: readonly string[] = [
  '/',
  '/sign-in',
  `/${ACCOUNT}`,
  ...ROOMS.flatMap((room) => [`/${ACCOUNT}/${room}`, `/${ACCOUNT}/${room}/*`]),
];

/**
 * Nothing inline, nothing from elsewhere, no frame around it. Styles that scripts set on elements are no inline styles in the
 * sense of the policy.
 */
const POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "font-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

const GUARDS: Readonly<Record<string, string>> = {
  'content-security-policy': POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=()',
};

/** Their names change with their content. */
const FOREVER = 'public, max-age=31536000, immutable';

export async function registerConsole(app: FastifyInstance, folders: readonly string[] = BUILT): Promise<void> {
  const root = folders.find((folder) => existsSync(join(folder, 'index.html')));
  if (root === undefined) {
    app.get('/', (_request, reply) => guarded(reply).type('text/html; charset=utf-8').send(UNBUILT));
    return;
  }
  await app.register(fastifyStatic, {
    root: join(root, 'assets'),
    prefix: '/assets/',
    preCompressed: true,
    cacheControl: false,
    setHeaders: (response) => {
      for (const [name, value] of Object.entries({ ...GUARDS, 'cache-control': FOREVER }))
        response.setHeader(name, value);
    },
  });
  for (const url of PAGES) {
    app.get(url, (_request, reply) =>
      guarded(reply).header('cache-control', 'no-cache').sendFile('index.html', root, { cacheControl: false }),
    );
  }
}

const guarded = (reply: FastifyReply): FastifyReply => reply.headers(GUARDS);

const UNBUILT = `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Campanile</title></head>
<body>
<h1>Campanile</h1>
<p>The server runs, but its console has not been built: <code>npm run build:console</code>, then start it again.</p>
<p>The API is described at <a href="/docs">/docs</a>.</p>
</body>
</html>
`;
