// What an answer, or the lack of one, means for something that the engine wanted sent.

import type { SendOutcome } from '../../campaigns/index.ts';
import { isSuccessCode, type Response } from '../../lwm2m/index.ts';
import { refusalText } from './talk.ts';
import type { Answer, Silence } from './wire.ts';

/** Undefined: we are going down, and whoever takes the intent up again will find out. */
export type Outcome = SendOutcome | undefined;

export const judged = (response: Response): SendOutcome =>
  isSuccessCode(response.code) ? { is: 'delivered' } : { is: 'refused', detail: refusalText(response) };

/** For what may be repeated. */
export function silentOutcome(silence: Silence): Outcome {
  switch (silence) {
    case 'timeout':
    case 'reset':
      return { is: 'no-answer' };
    case 'withheld':
    case 'no-room':
    // It has come back from elsewhere and is asked there.
    case 'forgotten':
      return { is: 'withheld' };
    default:
      return undefined;
  }
}

/** For an Execute: it may have arrived as soon as one copy has left, and only the device knows (engine.md §5). */
export function executeOutcome(answer: Answer): Outcome {
  switch (answer.is) {
    case 'answered':
      // An error of the device's own may have come after it had begun.
      return answer.response.code >= SERVER_ERROR ? { is: 'unknown' } : judged(answer.response);
    case 'withheld':
    case 'no-room':
      return { is: 'withheld' };
    case 'stopped':
      return undefined;
    default:
      return { is: 'unknown' };
  }
}

const SERVER_ERROR = 0xa0;
