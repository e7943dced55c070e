// Brings object 5 back to Idle, by whichever way the device knows (LwM2M TS 1.0 E.6; devices.md, Reset).

import type { ResetStyle } from '../../campaigns/index.ts';
import { codeName, isSuccessCode, type ResetWay, resetFirmware } from '../../lwm2m/index.ts';
import type { Waits } from './jobs.ts';
import { LIMITS } from './limits.ts';
import { readState } from './reading.ts';
import { refusalText, type Talk } from './talk.ts';
import type { Silence } from './wire.ts';

export type ResetResult =
  | { readonly is: 'idle' }
  | { readonly is: 'refused'; readonly detail: string }
  | { readonly is: 'silent'; readonly silence: Silence };

const WAYS = ['nul-byte', 'empty-uri', 'cancel'] as const satisfies readonly ResetStyle[];

const WIRE: Readonly<Record<ResetStyle, ResetWay>> = {
  'nul-byte': 'nul_byte',
  'empty-uri': 'empty_uri',
  cancel: 'cancel',
};

/**
 * Also allowed while windows are shut: it sends nothing of an image (engine.md §2). `first`: the way that the model's
 * profile names, for those that take another one amiss.
 */
export async function resetToIdle(talk: Talk, waits: Waits, first?: ResetStyle): Promise<ResetResult> {
  let detail = '';
  const ways = first === undefined ? WAYS : [first, ...WAYS.filter((way) => way !== first)];
  for (const way of ways) {
    const answer = await talk.ask((root) => resetFirmware(WIRE[way], root));
    if (answer.is !== 'answered') return { is: 'silent', silence: answer.is };
    if (!isSuccessCode(answer.response.code)) {
      detail ||= refusalText(answer.response);
      continue;
    }
    const after = await becomesIdle(talk, waits);
    if (after.is !== 'refused') return after;
    detail = after.detail;
  }
  return { is: 'refused', detail };
}

async function becomesIdle(talk: Talk, waits: Waits): Promise<ResetResult> {
  let detail = '';
  for (let looks = 0; looks < LIMITS.idleLooksMax; looks += 1) {
    if (looks > 0 && !(await waits.wait(LIMITS.idleLookEvery))) return { is: 'silent', silence: 'stopped' };
    const got = await readState(talk);
    if (got.is === 'silent') return got;
    if (got.is === 'refused') return { is: 'refused', detail: `its state cannot be read: ${codeName(got.code)}` };
    if (got.value.state === 'idle') return { is: 'idle' };
    detail = `it stays in state "${got.value.state}" after a reset`;
  }
  return { is: 'refused', detail };
}
