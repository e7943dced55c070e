// LwM2M over UDP: sockets and conversations around the machines of src/lwm2m. The one door of this folder.

export { nodeCrypto } from './crypto.ts';
export type {
  Address,
  Chance,
  CoapsParts,
  Datagrams,
  DeviceDirectory,
  Lwm2mCounts,
  Lwm2mParts,
  Watch,
} from './ports.ts';
export type { DtlsFigures } from './secure.ts';
export { type Lwm2mServer, type OpenLwm2mParts, openLwm2m, serveLwm2m } from './server.ts';
export { openDatagrams } from './socket.ts';
