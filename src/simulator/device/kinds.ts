// How simulated devices differ from one another: named traits, each of which devices in the field have shown.

export const TRAITS = {
  'lwm2m-1.0': 'registers as LwM2M 1.0 and names no lwm2m=1.1',
  'pull-only': 'fetches the image itself; /5/0/9 is 0 and a package that is written is refused',
  'push-only': 'wants the image written; /5/0/9 is 1, and a Package URI is answered with 2.04 and then ignored',
  'silent-about-delivery': 'has neither /5/0/8 nor /5/0/9',
  'queue-mode': 'listens for a moment after Register and Update and then sleeps',
  coaps: 'speaks DTLS with its key, and fetches over it',
  'fetches-http': 'fetches over HTTP; /5/0/8 is 2 and 3',
  'new-port': 'registers from a new port after an install',
  'no-restart': 'reports Result 1 after an install and neither restarts nor registers again',
  'auto-installs': 'installs as soon as it has the image, without an Execute',
  resumes: 'keeps what it has of an image over a restart and goes on from there',
  'reboots-in-download': 'restarts once in the middle of a download',
  'fails-flash-once': 'fails its first install',
  'fails-flash-always': 'fails every install',
  lies: 'reports success and runs the old version',
  'dies-in-install': 'begins to install and is never heard of again',
  split: 'downloads, and installs only when it is told so',
  'reboots-then-closes': 'restarts first and closes the action afterwards',
  skips: 'closes an action with success when it is told to skip it',
  'ignores-maintenance-window': 'installs as soon as it has the image, whatever the deployment says',
  'gives-up-when-cut': 'closes the action with failure when its download is cut',
  'rejects-cancel': 'goes on when it is told to stop',
} as const;

export type Trait = keyof typeof TRAITS;

export const LWM2M_TRAITS = [
  'lwm2m-1.0',
  'pull-only',
  'push-only',
  'silent-about-delivery',
  'queue-mode',
  'coaps',
  'fetches-http',
  'new-port',
  'no-restart',
  'auto-installs',
  'resumes',
  'reboots-in-download',
  'fails-flash-once',
  'fails-flash-always',
  'lies',
  'dies-in-install',
] as const satisfies readonly Trait[];

export const HTTP_TRAITS = [
  'split',
  'reboots-then-closes',
  'skips',
  'ignores-maintenance-window',
  'gives-up-when-cut',
  'rejects-cancel',
  'reboots-in-download',
  'fails-flash-once',
  'fails-flash-always',
  'lies',
  'dies-in-install',
] as const satisfies readonly Trait[];

/** How fast a device does what it does; milliseconds where nothing else is said. */
export interface Pace {
  readonly lifetimeSeconds: number;
  /** How long a device in queue mode listens after it has spoken. */
  readonly listenMs: number;
  readonly installMs: number;
  readonly bootMs: number;
  /** First wait before something that failed is tried again; it doubles up to `retryMsMax`. */
  readonly retryMs: number;
  readonly retryMsMax: number;
  /** A refused or broken fetch is tried so often before the download has failed. */
  readonly fetchTriesMax: number;
  /** It waits no longer than this for a server that names a time, and then counts the connection as lost. */
  readonly patienceMs: number;
  /** Devices that boot together first speak within this time. */
  readonly spreadMs: number;
  /** What a polling device does until the server has told it otherwise. */
  readonly pollMs: number;
  /** It polls at least so often, whatever the server says. */
  readonly pollMsMax: number;
  /** `reboots-in-download`: after so many bytes. */
  readonly rebootAtBytes: number;
  /** More than this does not fit: Result 2. */
  readonly storageBytes: number;
  /** The first wait for a CoAP acknowledgement, and how often a message is repeated (RFC 7252 §4.8). */
  readonly ackTimeoutMs: number;
  readonly retransmitMax: number;
}

export const DEFAULT_PACE: Pace = {
  lifetimeSeconds: 3_600,
  listenMs: 93_000,
  installMs: 40_000,
  bootMs: 20_000,
  retryMs: 10_000,
  retryMsMax: 10 * 60_000,
  fetchTriesMax: 4,
  patienceMs: 10 * 60_000,
  spreadMs: 60_000,
  pollMs: 5 * 60_000,
  pollMsMax: 24 * 60 * 60_000,
  rebootAtBytes: 4_096,
  storageBytes: 64 * 1024 * 1024,
  ackTimeoutMs: 2_000,
  retransmitMax: 4,
};

export interface DeviceSpec {
  readonly imei: string;
  readonly make: string;
  readonly model: string;
  readonly transport: 'LWM2M' | 'HTTP';
  /** The version that it runs when it is switched on for the first time. */
  readonly from: string;
  readonly traits: readonly Trait[];
  readonly pace?: Partial<Pace>;
}

export const paceOf = (spec: DeviceSpec): Pace => ({ ...DEFAULT_PACE, ...spec.pace });

/** What can be seen of a device from above: the truth that no server knows. */
export interface DeviceReport {
  readonly imei: string;
  readonly transport: DeviceSpec['transport'];
  readonly state: DeviceState;
  readonly runningVersion: string;
  /** Of the last image that arrived completely. */
  readonly imageSha256: string | undefined;
  /** Image bytes that arrived, repeated ones included. */
  readonly bytes: number;
  /** Downloads that began with the first byte. */
  readonly downloads: number;
  /** Installs that were begun, and those of them that replaced what the device runs. */
  readonly installsBegun: number;
  readonly installs: number;
}
export type DeviceState =
  | 'idle'
  | 'downloading'
  | 'downloaded'
  | 'installing'
  | 'restarting'
  | 'asleep'
  | 'dead'
  | 'off';
