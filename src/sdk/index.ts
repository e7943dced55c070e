// The SDK's main entry: the client of the campaign service, its error, the check of callbacks, and the wire types.

export { Callbacks } from './callbacks.ts';
export type {
  DistributionOptions,
  FotaCall,
  FotaCaller,
  FromIndex,
  LastSeenDevice,
  OrderOptions,
} from './caller.ts';
export { Campaigns } from './campaigns.ts';
export type { Chance } from './chance.ts';
export { CampanileClient, type CampanileClientOptions } from './client.ts';
export type { Now, Wait } from './clock.ts';
export { Devices, type DevicesV2, type DevicesV3 } from './devices.ts';
export { CampanileError } from './error.ts';
export { Files } from './files.ts';
export { Firmware, type ProtocolOptions } from './firmware.ts';
export type { CallOptions, Fetch } from './http.ts';
export { Licenses } from './licenses.ts';
export { Logging } from './logging.ts';
export { type LastSeenCampaign, Reports } from './reports.ts';
export { Session } from './session.ts';
export { Software } from './software.ts';
export { Subscriptions } from './subscriptions.ts';
export { Upgrades } from './upgrades.ts';
export type { NamedFile } from './upload.ts';
export { verifyWebhook, type WebhookHeaders, type WebhookVerdict } from './webhook.ts';
export type * from './wire.gen.ts';
