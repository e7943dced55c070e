// The routes of the device side over HTTP, and what all of them share: who is asking, lenient bodies, refusals in one shape.
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLive } from '../../campaigns/index.ts';
import {
  type Asked,
  actionIdOf,
  poll,
  postCancelFeedback,
  postFeedback,
  putConfigData,
  readCancel,
  readDeployment,
  readInstalled,
} from './actions.ts';
import { refuse } from './answers.ts';
import { authenticate, type Caller } from './authenticate.ts';
import { Downloads } from './download.ts';
import { DDI_LIMITS } from './limits.ts';
import type { DdiParts } from './ports.ts';
import { Turns } from './turns.ts';

/** Adds the device side to a server. Open downloads are interrupted and told to the engine when the server closes. */
export async function registerDdi(app: FastifyInstance, parts: DdiParts): Promise<void> {
  const downloads = new Downloads(parts);
  await app.register(async (scope) => {
    shareManners(scope, parts);
    scope.addHook('preClose', () => downloads.stop());
    scope.get<{ Params: { token: string } }>('/f/:token', (request, reply) =>
      downloads.serve(request, reply, request.params.token),
    );
    await scope.register(async (devices) => deviceRoutes(devices, parts, downloads), {
      prefix: '/:accountName/controller/v1/:imei',
    });
  });
}

/** Whatever a client says about its body, it is JSON; whatever is wrong with it is told as the client expects (devices.md). */
function shareManners(scope: FastifyInstance, parts: DdiParts): void {
  scope.removeAllContentTypeParsers();
  const options = { parseAs: 'string', bodyLimit: DDI_LIMITS.bodyBytesMax } as const;
  scope.addContentTypeParser('application/json', options, (_request, body, done) => {
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(null, undefined);
    }
  });
  scope.addHook('onRequest', async (request) => {
    request.headers['content-type'] = 'application/json';
  });
  scope.setErrorHandler((error: FastifyError, request, reply) => {
    const status = error.statusCode ?? 500;
    if (status === 413)
      return refuse(reply, 'BODY_TOO_LARGE', `The body is larger than ${DDI_LIMITS.bodyBytesMax} bytes.`);
    if (status < 500) return refuse(reply, 'INVALID_BODY');
    parts.log.event('ddi-failed', { method: request.method, error: String(error) });
    return refuse(reply, 'INTERNAL_ERROR');
  });
}

type Handler = (parts: DdiParts, asked: Asked) => Promise<unknown>;

function deviceRoutes(scope: FastifyInstance, parts: DdiParts, downloads: Downloads): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  const turns = new Turns();
  // Before the body is read: a stranger's is not.
  scope.addHook('onRequest', async (request, reply) => {
    const path = request.params as { readonly accountName: string; readonly imei: string };
    const caller = await authenticate(parts.store, path, request.headers.authorization);
    if (caller === undefined) return refuse(reply, 'UNAUTHENTICATED');
    callers.set(request, caller);
    parts.contacts.seen(caller.key, parts.clock.now());
  });
  const handled = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => {
    const caller = callers.get(request);
    return caller === undefined ? refuse(reply, 'UNAUTHENTICATED') : handler(parts, { caller, request, reply });
  };
  const inTurn = (handler: Handler): Handler => {
    return (own, asked) => {
      const { account, imei } = asked.caller.key;
      return turns.take(`${account} ${imei}`, () => handler(own, asked));
    };
  };
  scope.get('/', handled(inTurn(poll)));
  scope.put('/configData', handled(inTurn(putConfigData)));
  scope.get('/deploymentBase/:actionId', handled(inTurn(readDeployment)));
  scope.post('/deploymentBase/:actionId/feedback', handled(inTurn(postFeedback)));
  scope.get('/cancelAction/:actionId', handled(readCancel));
  scope.post('/cancelAction/:actionId/feedback', handled(inTurn(postCancelFeedback)));
  scope.get('/installedBase/:actionId', handled(readInstalled));
  scope.get(
    '/softwaremodules/:actionId/artifacts/:fileName',
    handled((_parts, asked) => downloadByDevice(parts, asked, downloads)),
  );
}

/** The long form of an artifact's address, authorised by the device's own token: it leads to its attempt's image. */
async function downloadByDevice(
  parts: DdiParts,
  { caller, request, reply }: Asked,
  downloads: Downloads,
): Promise<unknown> {
  const { device, key } = caller;
  const { fileName } = request.params as { readonly fileName: string };
  const campaign = device.liveCampaign;
  const update =
    campaign === undefined ? undefined : await parts.store.update({ account: key.account, campaign }, key.imei);
  if (update === undefined) return refuse(reply, 'ARTIFACT_UNKNOWN');
  const { state } = update;
  const attempt = isLive(state) ? state.attempt : state.name === 'waiting' ? state.suspended : undefined;
  if (attempt === undefined || attempt.actionId !== actionIdOf(request)) return refuse(reply, 'ARTIFACT_UNKNOWN');
  const sum = fileName.toUpperCase().endsWith('.MD5SUM') ? '.MD5SUM' : '';
  return downloads.serve(request, reply, `${attempt.token}${sum}`);
}
