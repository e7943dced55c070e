// How a simulated LwM2M device answers what its server asks of it.

import { has } from './body.ts';
import { onPackageBlock, onUri } from './lwm2m-download.ts';
import { execute } from './lwm2m-install.ts';
import {
  type AnswerCode,
  type Content,
  FIRMWARE_RESULT,
  FIRMWARE_STATE,
  type ServerRequest,
} from './lwm2m-messages.ts';
import type { Lwm2mTurn } from './lwm2m-mind.ts';
import { contentOf, reset } from './lwm2m-object5.ts';

export function onRequest(turn: Lwm2mTurn, id: number, request: ServerRequest): void {
  const answer = (code: AnswerCode, content?: Content): void =>
    turn.act({ type: 'respond', id, code, ...(content === undefined ? {} : { content }) });
  switch (request.op) {
    case 'read':
      answerRead(turn, request.path, answer);
      break;
    case 'observe':
      answerObserve(turn, request.path, answer);
      break;
    case 'stop-observing':
      turn.become({ observed: turn.mind.observed.filter((path) => path !== request.path) });
      answerRead(turn, request.path, answer);
      break;
    case 'write-uri':
      onUri(turn, request.uri, answer);
      break;
    case 'write-package':
      onPackageBlock(turn, request, answer);
      break;
    case 'reset':
      answer(reset(turn) ? '2.04' : '4.05');
      break;
    case 'execute':
      answerExecute(turn, request.path, answer);
      break;
  }
}

export type Answer = (code: AnswerCode, content?: Content) => void;

function answerRead(turn: Lwm2mTurn, path: string, answer: Answer): void {
  const content = contentOf(turn.mind, path);
  if (content === undefined) answer('4.04');
  else answer('2.05', content);
}

function answerObserve(turn: Lwm2mTurn, path: string, answer: Answer): void {
  const content = contentOf(turn.mind, path);
  if (content === undefined) {
    answer('4.04');
    return;
  }
  turn.become({ observed: [...turn.mind.observed.filter((known) => known !== path), path] });
  answer('2.05', content);
}

function answerExecute(turn: Lwm2mTurn, path: string, answer: Answer): void {
  if (path === '/5/0/2') {
    execute(turn, answer);
    return;
  }
  // /5/0/10 came with LwM2M 1.1's object 5.
  if (path !== '/5/0/10' || has(turn.mind, 'lwm2m-1.0')) {
    answer('4.04');
    return;
  }
  const idle = turn.mind.state === FIRMWARE_STATE.IDLE;
  answer(!idle && reset(turn, FIRMWARE_RESULT.CANCELLED) ? '2.04' : '4.05');
}
