// Why an update waits, was rejected or failed: the engine's own words; the wire's literals are made from them at the edge.

export const WAIT_REASONS = {
  'not-started': 'The campaign has not started.',
  'version-unknown': 'The version is not yet known.',
  ready: 'Ready; waiting for the window, a slot or the device.',
  retry: 'Waiting before the next attempt.',
  suspended: 'We interrupted the attempt; it is taken up again.',
  unreachable: 'The device did not answer; waiting for its next contact.',
  deferred: 'The device put the installation off.',
} as const;
export type WaitReason = keyof typeof WAIT_REASONS;

export const REJECT_REASONS = {
  'imei-malformed': 'The IMEI does not have 15 digits.',
  'imei-check-digit': 'The check digit of the IMEI is wrong.',
  'device-unknown': 'The account has no such device.',
  'wrong-transport': 'The device is reached over another transport.',
  'wrong-make': 'The make is not that of the package.',
  'wrong-model': 'The model is not that of the package.',
  'wrong-from-version': 'The device runs another version than the package starts from.',
  'already-current': 'The device already runs the target version.',
  'not-capable': 'The device has no firmware update object.',
  busy: 'The device is in another campaign.',
  'no-licence': 'The device has no licence, and the subscription asks for one.',
} as const;
export type RejectReason = keyof typeof REJECT_REASONS;

/** `retry`: another attempt may help. `evidence`: it counts against the image (engine.md §7). */
export const FAILURE_REASONS = {
  'not-enough-storage': { retry: false, evidence: true, text: 'Not enough flash memory for the image.' },
  'out-of-memory': { retry: true, evidence: true, text: 'Out of RAM during the download.' },
  'connection-lost': { retry: true, evidence: false, text: 'The connection was lost during the download.' },
  'download-stalled': { retry: true, evidence: false, text: 'The download stopped making progress.' },
  'download-failed': { retry: true, evidence: false, text: 'The device could not download the image.' },
  'integrity-failed': { retry: true, evidence: true, text: 'The integrity check of the image failed.' },
  'unsupported-package': { retry: false, evidence: true, text: 'The device does not support this kind of package.' },
  'invalid-uri': { retry: true, evidence: false, text: 'The device cannot use the address of the image.' },
  'unsupported-protocol': {
    retry: true,
    evidence: false,
    text: 'The device does not speak the protocol of the address.',
  },
  'offer-refused': { retry: true, evidence: false, text: 'The device refused the offer.' },
  'install-failed': { retry: true, evidence: true, text: 'The installation failed.' },
  'silent-after-install': {
    retry: false,
    evidence: true,
    text: 'The device has been silent since the installation was started.',
  },
  'wrong-version': { retry: false, evidence: true, text: 'The device reported success and runs another version.' },
  'not-verified': { retry: false, evidence: false, text: 'The new version was not confirmed in time.' },
  'closed-without-bytes': {
    retry: true,
    evidence: false,
    text: 'The device reported success without fetching the image.',
  },
  'cancelled-by-device': { retry: true, evidence: false, text: 'The device cancelled the update.' },
} as const;
export type FailureReason = keyof typeof FAILURE_REASONS;
