// The one door of callbacks: telling customers what happens, signed, in order, and only where it may go.
export { ALLOWING_SETTING, refuseUrl } from './address.ts';
export { CALLBACK_LIMITS } from './limits.ts';
export { EventTeller, type EventTellerParts, operatorEventId, renderOperatorEvent } from './operator-events.ts';
export { type CallbackBody, eventId, render } from './render.ts';
export { type AfterFailure, afterFailure } from './retry.ts';
export { type PosterParts, poster, systemResolve } from './send.ts';
export { CallbackSender, type CallbackSenderParts, settlementOf, type TestResult } from './sender.ts';
export { secretText, sign } from './sign.ts';
