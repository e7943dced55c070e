// How a device is answered: JSON or CBOR as it accepts it, with a tag for the next time; refusals in hawkBit's shape.
import { hash } from 'node:crypto';
import { encode } from 'cborg';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { DdiError } from '../../contract/index.ts';

/** Every refusal that a device can see; `text` is completed by what the case knows. */
export const DDI_ERRORS = {
  UNAUTHENTICATED: {
    status: 401,
    text: 'Send the header "Authorization: TargetToken <token>" with the token of this device.',
  },
  ACTION_UNKNOWN: { status: 404, text: 'This device has no such action.' },
  ACTION_CLOSED: { status: 410, text: 'This action is closed.' },
  ARTIFACT_UNKNOWN: { status: 404, text: 'There is no such artifact, or it is not to be fetched any more.' },
  PRECONDITION_FAILED: { status: 412, text: 'The image is another one than the condition names.' },
  RANGE_UNSATISFIABLE: { status: 416, text: 'No byte of the image lies in the range.' },
  INVALID_BODY: { status: 400, text: 'The body cannot be read.' },
  BODY_TOO_LARGE: { status: 413, text: 'The body is too large.' },
  TOO_MANY_REQUESTS: { status: 429, text: 'Too many requests; come back later.' },
  TOO_MANY_FEEDBACKS: {
    status: 429,
    text: 'Too many feedbacks of this action; only the one that closes it is taken now.',
  },
  NOT_NOW: { status: 503, text: 'The image may not be sent at the moment; come back later.' },
  INTERNAL_ERROR: { status: 500, text: 'Internal error; come back later.' },
} as const;
export type DdiErrorCode = keyof typeof DDI_ERRORS;

export function refuse(reply: FastifyReply, code: DdiErrorCode, message: string = DDI_ERRORS[code].text): FastifyReply {
  const body: DdiError = { errorCode: code, message };
  if (code === 'UNAUTHENTICATED') reply.header('www-authenticate', 'TargetToken');
  return reply.code(DDI_ERRORS[code].status).type(JSON_TYPE).send(JSON.stringify(body));
}

/** 429 with the time after which it is worth another try. */
export const refuseRate = (reply: FastifyReply, seconds: number): FastifyReply =>
  refuse(reply.header('retry-after', Math.max(1, seconds)), 'TOO_MANY_REQUESTS');

const JSON_TYPE = 'application/json;charset=UTF-8';
const HAL_TYPE = 'application/hal+json;charset=UTF-8';
export const CBOR_TYPE = 'application/cbor';

/** JSON wherever it is accepted, and for whoever accepts nothing that there is: clients say many things (devices.md). */
function typeFor(accept: string | undefined): string {
  if (accept === undefined) return JSON_TYPE;
  const asked = accept.toLowerCase();
  if (asked.includes('application/json') || asked.includes('*/*')) return JSON_TYPE;
  if (asked.includes('application/hal+json')) return HAL_TYPE;
  return asked.includes(CBOR_TYPE) ? CBOR_TYPE : JSON_TYPE;
}

/** The body, or 304 when the client has this one already. */
export function answer(request: FastifyRequest, reply: FastifyReply, body: unknown): FastifyReply {
  const type = typeFor(request.headers.accept);
  const sent = type === CBOR_TYPE ? Buffer.from(encode(body)) : JSON.stringify(body);
  const tag = tagOf(sent, type);
  reply.header('etag', tag);
  if (namesTag(request.headers['if-none-match'], tag)) return reply.code(304).send();
  return reply.code(200).type(type).send(sent);
}

/** The same facts in another spelling are another representation (RFC 9110 §8.8.3). */
function tagOf(sent: string | Buffer, type: string): string {
  const mark = type === JSON_TYPE ? '' : type === HAL_TYPE ? 'h' : 'c';
  return `"${mark}${hash('sha256', sent, 'base64url').slice(0, 22)}"`;
}

/** RFC 9110 §13.1.2: `*` or a list, compared weakly. */
export function namesTag(header: string | undefined, tag: string): boolean {
  if (header === undefined) return false;
  return header.split(',').some((one) => {
    const given = one.trim();
    return given === '*' || given.replace(/^W\//, '') === tag;
  });
}
