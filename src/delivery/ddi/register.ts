// The routes of the device side over HTTP, and what all of them share: who is asking, lenient bodies, refusals in one shape.
import { decode } from 'cborg';
import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { isLive } from '../../campaigns/index.ts';
import {
  type Asked,
  actionIdOf,
  nameOf,
  poll,
  postCancelFeedback,
  postFeedback,
  putConfigData,
  readCancel,
  readDeployment,
  readInstalled,
  waitOf,
} from './actions.ts';
import { CBOR_TYPE, refuse, refuseRate } from './answers.ts';
import { authenticate, type Caller } from './authenticate.ts';
import {
  activateAutoConfirm,
  deactivateAutoConfirm,
  postConsent,
  readConfirmation,
  readConfirmationBase,
} from './confirm.ts';
import { Downloads } from './download.ts';
import { DDI_LIMITS } from './limits.ts';
import type { DdiParts } from './ports.ts';
import { Rates } from './rates.ts';
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

/** Unless a client says CBOR, its body is JSON, whatever it says; whatever is wrong with it is told as the client expects (devices.md). */
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
  scope.addContentTypeParser(CBOR_TYPE, { ...options, parseAs: 'buffer' }, (_request, body, done) => {
    try {
      done(null, decode(Buffer.from(body), CBOR_READING));
    } catch {
      done(null, undefined);
    }
  });
  scope.addHook('onRequest', (request, _reply, done) => {
    const isCbor = request.headers['content-type']?.toLowerCase().startsWith(CBOR_TYPE) === true;
    request.headers['content-type'] = isCbor ? CBOR_TYPE : 'application/json';
    done();
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

/** Maps become plain objects; what only CBOR can say is not said by any client. */
const CBOR_READING = { useMaps: false, allowBigInt: false, allowUndefined: false } as const;

type Handler = (parts: DdiParts, asked: Asked) => Promise<unknown>;

function deviceRoutes(scope: FastifyInstance, parts: DdiParts, downloads: Downloads): void {
  const callers = new WeakMap<FastifyRequest, Caller>();
  const turns = new Turns();
  const rates = new Rates();
  // Before the body is read: a stranger's is not.
  scope.addHook('onRequest', async (request, reply) => {
    const now = parts.clock.now();
    const barred = rates.ofAddress(request.ip, now);
    if (barred > 0) return refuseRate(reply, barred);
    const { accountName, imei } = request.params as { readonly accountName: string; readonly imei: string };
    const { headers } = request;
    const fromTrustedProxy = parts.trustsProxy?.(request.socket.remoteAddress ?? '') ?? false;
    const caller = await authenticate(parts, { accountName, imei, headers, fromTrustedProxy });
    if (caller === undefined) {
      rates.refused(request.ip, now);
      return refuse(reply, 'UNAUTHENTICATED');
    }
    callers.set(request, caller);
    parts.contacts.seen(caller.key, now);
    // Feedbacks are counted once it is known what they say: the one that closes an action is always heard.
    const wait = isFeedback(request) ? 0 : waitOf({ rates, caller }, now);
    return wait > 0 ? refuseRate(reply, wait) : undefined;
  });
  const handled = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => {
    const caller = callers.get(request);
    return caller === undefined ? refuse(reply, 'UNAUTHENTICATED') : handler(parts, { caller, request, reply, rates });
  };
  const inTurn = (handler: Handler): Handler => {
    return (own, asked) => turns.take(nameOf(asked.caller.key), () => handler(own, asked));
  };
  confirmationRoutes(scope, (handler) => handled(inTurn(handler)));
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

const isFeedback = ({ routeOptions }: FastifyRequest): boolean =>
  /(?:deploymentBase|cancelAction)\/:actionId\/feedback$/.test(routeOptions.url ?? '');

type Handled = (handler: Handler) => (request: FastifyRequest, reply: FastifyReply) => unknown;

function confirmationRoutes(scope: FastifyInstance, inTurn: Handled): void {
  scope.get('/confirmationBase', inTurn(readConfirmationBase));
  scope.get('/confirmationBase/:actionId', inTurn(readConfirmation));
  scope.post('/confirmationBase/:actionId/feedback', inTurn(postConsent));
  scope.post('/confirmationBase/activateAutoConfirm', inTurn(activateAutoConfirm));
  scope.post('/confirmationBase/deactivateAutoConfirm', inTurn(deactivateAutoConfirm));
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
