// CoAP and LwM2M without sockets, clocks or chance of their own: the one door of this folder.

export * from './block.ts';
export * from './codes.ts';
export * from './connectivity.ts';
export * from './download.ts';
export { Endpoint, type EndpointOptions, type SendOptions, type Sent } from './endpoint.ts';
export type { EndpointEvent, Output } from './events.ts';
export type { Exchange } from './exchange.ts';
export * from './firmware.ts';
export { LIMITS } from './limits.ts';
export * from './linkformat.ts';
export * from './message.ts';
export { isNewer, OBSERVE_BEGIN, OBSERVE_END, type Observer, Observers } from './observe.ts';
export * from './options.ts';
export * from './parameters.ts';
export type { Datagram, Instant, Peer, Random } from './ports.ts';
export * from './reassembly.ts';
export * from './registration.ts';
export * from './tlv.ts';
export * from './upload.ts';
export { utf8Bytes, utf8Text } from './utf8.ts';
export * from './value.ts';
