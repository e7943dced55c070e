// hawkBit's Direct Device Integration on the wire: read leniently as real clients send it, answered strictly.

import { z } from 'zod';
import { LIMITS } from './limits.ts';
import { accepts, isJsonObject, oneOf, text } from './schema.ts';

/** The action id decides the path; a body may repeat it as number or text, or not at all (devices.md). */
const looseId = z
  .union([
    z.int(),
    z
      .string()
      .regex(/^\d{1,15}$/)
      .transform(Number),
  ])
  .optional()
  .catch(undefined);

export const DDI_EXECUTIONS = [
  'proceeding',
  'closed',
  'canceled',
  'rejected',
  'scheduled',
  'resumed',
  'download',
  'downloaded',
] as const;
export type DdiExecution = (typeof DDI_EXECUTIONS)[number];

export const DDI_FINISHED = ['success', 'failure', 'none'] as const;
export type DdiFinished = (typeof DDI_FINISHED)[number];

const lowerCase = (value: unknown): unknown => (typeof value === 'string' ? value.trim().toLowerCase() : value);

/** Fractions like 0/0 and negative or textual counts carry no progress. */
const looseProgress = z
  .object({ cnt: z.number().nonnegative(), of: z.number().positive() })
  .optional()
  .catch(undefined);

function toDetails(value: unknown): readonly string[] {
  const list = typeof value === 'string' ? [value] : Array.isArray(value) ? value : [];
  const lines = list.filter((line): line is string => typeof line === 'string').slice(0, LIMITS.ddiDetailsMax);
  return lines.map((line) => line.slice(0, LIMITS.ddiDetailLengthMax));
}

/** An unknown `execution` is the only thing refused (400); everything else has a reading. */
export const DdiFeedback = z.preprocess(
  (body) => (isJsonObject(body) ? flattened(body) : body),
  z.object(
    {
      id: looseId,
      execution: z.preprocess(lowerCase, oneOf(DDI_EXECUTIONS)),
      finished: z.preprocess(lowerCase, z.enum(DDI_FINISHED)).catch('none'),
      progress: looseProgress,
      code: z.int().optional().catch(undefined),
      details: z.preprocess(toDetails, z.array(z.string())),
      time: z.string().max(64).optional().catch(undefined),
    },
    accepts('an object {"status": {"execution": …, "result": {"finished": …}}}'),
  ),
);
export type DdiFeedback = z.infer<typeof DdiFeedback>;

function flattened(body: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> {
  const status = isJsonObject(body['status']) ? body['status'] : {};
  const result = isJsonObject(status['result']) ? status['result'] : {};
  return {
    id: body['id'],
    time: body['time'],
    execution: status['execution'],
    code: status['code'],
    details: status['details'],
    finished: result['finished'],
    progress: result['progress'],
  };
}

export const DDI_CONFIG_MODES = ['merge', 'replace', 'remove'] as const;
export type DdiConfigMode = (typeof DDI_CONFIG_MODES)[number];

function toTexts(value: unknown): unknown {
  if (!isJsonObject(value)) return value;
  const entries = Object.entries(value).filter(([, field]) => ['string', 'number', 'boolean'].includes(typeof field));
  return Object.fromEntries(entries.map(([name, field]) => [name, String(field)]));
}

export const DdiConfigData = z.object(
  {
    mode: z.preprocess(lowerCase, z.enum(DDI_CONFIG_MODES)).catch('merge'),
    data: z.preprocess(
      toTexts,
      z
        .record(text(LIMITS.nameLengthMax), text(LIMITS.ddiAttributeLengthMax, 0), accepts('an object of attributes'))
        .refine(
          (data) => Object.keys(data).length <= LIMITS.ddiAttributesMax,
          accepts(`at most ${LIMITS.ddiAttributesMax} attributes`),
        ),
    ),
  },
  accepts('an object {"mode": "merge" | "replace" | "remove", "data": {…}}'),
);
export type DdiConfigData = z.infer<typeof DdiConfigData>;

const Link = z.strictObject({ href: z.string() });

const SLEEP = /^(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

export const DdiPoll = z.strictObject({
  config: z.strictObject({ polling: z.strictObject({ sleep: z.string().regex(SLEEP) }) }),
  _links: z
    .strictObject({
      configData: Link.exactOptional(),
      deploymentBase: Link.exactOptional(),
      cancelAction: Link.exactOptional(),
      installedBase: Link.exactOptional(),
      confirmationBase: Link.exactOptional(),
    })
    .exactOptional(),
});
export type DdiPoll = z.infer<typeof DdiPoll>;

export const DDI_HANDLING = ['skip', 'attempt', 'forced'] as const;
export type DdiHandling = (typeof DDI_HANDLING)[number];

const DdiArtifact = z.strictObject({
  filename: z.string(),
  hashes: z.strictObject({ sha1: z.string(), md5: z.string(), sha256: z.string() }),
  size: z.int(),
  _links: z.strictObject({
    download: Link.exactOptional(),
    'download-http': Link.exactOptional(),
    md5sum: Link.exactOptional(),
    'md5sum-http': Link.exactOptional(),
  }),
});

export const DdiDeployment = z.strictObject({
  id: z.string().regex(/^\d+$/),
  deployment: z.strictObject({
    download: z.enum(DDI_HANDLING),
    update: z.enum(DDI_HANDLING),
    maintenanceWindow: z.enum(['available', 'unavailable']).exactOptional(),
    chunks: z.array(
      z.strictObject({
        part: z.string(),
        version: z.string(),
        name: z.string(),
        artifacts: z.array(DdiArtifact),
      }),
    ),
  }),
  actionHistory: z.strictObject({ status: z.string(), messages: z.array(z.string()) }).exactOptional(),
});
export type DdiDeployment = z.infer<typeof DdiDeployment>;

/** What a user says; details as in a feedback. */
export const DdiConsent = z.object(
  {
    confirmation: z.preprocess(lowerCase, oneOf(['confirmed', 'denied'])),
    details: z.preprocess(toDetails, z.array(z.string())),
  },
  accepts('an object {"confirmation": "confirmed" | "denied"}'),
);
export type DdiConsent = z.infer<typeof DdiConsent>;

const remark = text(LIMITS.nameLengthMax, 0)
  .exactOptional()
  .catch(undefined as never);

export const DdiAutoConfirm = z.object(
  { initiator: remark, remark },
  accepts('an object {"initiator": …, "remark": …}'),
);
export type DdiAutoConfirm = z.infer<typeof DdiAutoConfirm>;

export const DdiConfirmationBase = z.strictObject({
  autoConfirm: z.strictObject({
    active: z.boolean(),
    activatedAt: z.string().exactOptional(),
    initiator: z.string().exactOptional(),
    remark: z.string().exactOptional(),
  }),
  _links: z.strictObject({
    activateAutoConfirm: Link.exactOptional(),
    deactivateAutoConfirm: Link.exactOptional(),
    confirmationBase: Link.exactOptional(),
  }),
});
export type DdiConfirmationBase = z.infer<typeof DdiConfirmationBase>;

/** The same as a deployment under another name, and without links to fetch by. */
export const DdiConfirmation = z.strictObject({
  id: z.string().regex(/^\d+$/),
  confirmation: DdiDeployment.shape.deployment,
});
export type DdiConfirmation = z.infer<typeof DdiConfirmation>;

/** Id and stop id are the same number as the action that is cancelled (devices.md). */
export const DdiCancel = z.strictObject({
  id: z.string().regex(/^\d+$/),
  cancelAction: z.strictObject({ stopId: z.string().regex(/^\d+$/) }),
});
export type DdiCancel = z.infer<typeof DdiCancel>;

/** hawkBit's error shape, so that a client's own reading of it works. */
export const DdiError = z.strictObject({ errorCode: z.string(), message: z.string() });
export type DdiError = z.infer<typeof DdiError>;

/** How often to poll as HH:MM:SS; a whole day or more cannot be written that way. */
export function ddiSleep(seconds: number): string {
  const whole = Math.min(Math.max(Math.round(seconds), 1), LIMITS.pollSecondsMax);
  const parts = [Math.trunc(whole / 3600), Math.trunc(whole / 60) % 60, whole % 60];
  return parts.map((part) => String(part).padStart(2, '0')).join(':');
}
