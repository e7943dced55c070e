// The only door of the simulator: minds of devices for a virtual world, and a fleet of them on real sockets.

export * from './device/index.ts';
export * from './fleet/index.ts';
