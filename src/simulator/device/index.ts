// The only door of the device minds.

export * from './ddi-messages.ts';
export { type DdiMind, newDdiMind, reportOfDdi } from './ddi-mind.ts';
export { type DdiStep, stepDdi } from './ddi-step.ts';
export * from './image.ts';
export * from './kinds.ts';
export * from './lwm2m-messages.ts';
export { type Lwm2mMind, newLwm2mMind, reportOfLwm2m } from './lwm2m-mind.ts';
export { type Lwm2mStep, stepLwm2m } from './lwm2m-step.ts';
export type { Hash, MindParts, Random } from './ports.ts';
export type { Step } from './turn.ts';
