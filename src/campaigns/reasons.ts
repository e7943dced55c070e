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

/** Of a device that was accepted with its campaign and has no update yet. */
export const NOT_JUDGED = 'Accepted with the request; whether the device can be updated is not yet known.';

type Reasoned = `waiting.${WaitReason}` | `rejected.${RejectReason}` | `failed.${FailureReason}`;

/** What an operator does about it: by state and reason, or by state; docs/reasons.md is made from this. */
export const WHAT_TO_DO = {
  intake: 'Wait: every device of the request is looked at.',

  'waiting.not-started': 'Nothing; it begins with the campaign.',
  'waiting.version-unknown': 'Let the device connect once, or import the version that it runs.',
  'waiting.ready': 'Nothing yet; if it lasts, look at the windows and at when the device was last seen.',
  'waiting.retry': 'Nothing; the next attempt comes by itself.',
  'waiting.suspended': 'Nothing; if it happens again and again, widen the windows until the transfer fits.',
  'waiting.unreachable': 'Check power and coverage of the device.',
  'waiting.deferred': 'Nothing; if it lasts, ask the user of the device to agree.',

  offered: 'Nothing; an offer that nobody acts on is withdrawn by itself.',
  downloading: 'Nothing; a download that makes no progress is ended by itself.',
  downloaded: 'Nothing; it is installed as soon as an install window is open.',
  installing: 'Leave the device powered.',
  verifying: 'Leave the device connected until it has told its version.',

  succeeded: 'Nothing; the operator API says how the success is known (`evidence`).',

  'rejected.imei-malformed': 'Correct the IMEI in the request.',
  'rejected.imei-check-digit': 'Correct the IMEI, or switch off `checkImeiDigits` of the account.',
  'rejected.device-unknown': 'Import the device, then schedule it again.',
  'rejected.wrong-transport': 'Schedule the device in a campaign over its own transport.',
  'rejected.wrong-make': "Choose a package of the device's make, or correct the make of the device.",
  'rejected.wrong-model': "Choose a package of the device's model, or correct the model of the device.",
  'rejected.wrong-from-version': 'Choose a package that starts from the version that the device runs.',
  'rejected.already-current': 'Nothing; the device has what the campaign is for.',
  'rejected.not-capable': 'Update the device by other means.',
  'rejected.busy': 'Wait until the campaign that is named has ended, then schedule the device again.',
  'rejected.no-licence': 'Assign a licence, or schedule firmware with `autoAssignLicenseFlag`.',

  'failed.not-enough-storage': 'Make room on the device, or make the image smaller.',
  'failed.out-of-memory': 'Make the image smaller, or try again when the device is idle.',
  'failed.connection-lost': 'Check the coverage, then schedule the device again.',
  'failed.download-stalled': 'Check the coverage, or choose hours in which the device is awake for longer.',
  'failed.download-failed': 'Read what the device said, and check that it reaches the address of the image.',
  'failed.integrity-failed': 'Compare the image with its original; abort the campaign if other devices say the same.',
  'failed.unsupported-package': 'Build the image in a form that the model supports.',
  'failed.invalid-uri': 'Check the public addresses of the server, or let the profile of the model push.',
  'failed.unsupported-protocol': 'Offer the image over a protocol of the device, or let the profile of the model push.',
  'failed.offer-refused': 'Read what the device said, and the log of its client.',
  'failed.install-failed': 'Try the image on a device at hand; abort the campaign if other devices say the same.',
  'failed.silent-after-install': 'Look at the device itself; abort the campaign if other devices fall silent too.',
  'failed.wrong-version':
    'Check what the image holds, and how the device names its version (`reports` of the package).',
  'failed.not-verified': 'Read the version once the device connects; a late success is shown beside the outcome.',
  'failed.closed-without-bytes': 'Check the client of the device: it closed the action without fetching the image.',
  'failed.cancelled-by-device': 'Find out on the device who cancelled, then schedule it again.',

  expired: 'Schedule the device again, for more days or with wider windows.',
  'expired.downloaded': 'Schedule the device again, with install hours in which it is awake.',
  cancelled: 'Nothing; schedule a new campaign if the update is still wanted.',
  aborted: 'See why the campaign was aborted before you schedule the device again.',
} as const satisfies Readonly<Record<Reasoned, string> & Record<string, string>>;
