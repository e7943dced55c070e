// The SDK's main entry: the client of the campaign service, its error, and the wire types.

export { Campaigns } from './campaigns.ts';
export { CampanileClient, type CampanileClientOptions } from './client.ts';
export { CampanileError } from './error.ts';
export type { CallOptions, Fetch } from './http.ts';
export type * from './wire.gen.ts';
