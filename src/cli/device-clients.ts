// What has to be written into the configuration of each kind of client, so that it finds this server and is let in.
import { UsageError } from './outcome.ts';

export const CLIENTS = ['swupdate', 'rauc', 'zephyr-hawkbit', 'zephyr-lwm2m', 'anjay'] as const;
export type Client = (typeof CLIENTS)[number];

export const TRANSPORT_OF: Readonly<Record<Client, 'HTTP' | 'LWM2M'>> = {
  swupdate: 'HTTP',
  rauc: 'HTTP',
  'zephyr-hawkbit': 'HTTP',
  'zephyr-lwm2m': 'LWM2M',
  anjay: 'LWM2M',
};

export interface Connection {
  readonly account: string;
  readonly imei: string;
  /** As devices reach it. */
  readonly httpUrl: string;
  readonly coapUrl: string;
  /** File with the certificate of the authority that signed the server's. */
  readonly ca?: string;
  /** HTTP: its token. LwM2M: its key in hexadecimal. */
  readonly secret: string;
  readonly pskIdentity: string;
}

/** The lines of the file, or the command. */
export const configurationOf = (client: Client, connection: Connection): readonly string[] =>
  WRITERS[client](connection);

const WRITERS: Readonly<Record<Client, (connection: Connection) => readonly string[]>> = {
  swupdate: ({ account, imei, httpUrl, secret, ca }) => [
    '# swupdate.cfg',
    'globals : { };',
    'suricatta : {',
    `  tenant = "${account}";`,
    `  id = "${imei}";`,
    `  url = "${httpUrl}";`,
    `  targettoken = "${secret}";`,
    ...(ca === undefined ? [] : [`  cafile = "${ca}";`]),
    '};',
    '# The version that runs; SWUpdate is started anew after an update, with the new one and "-u \'-c 2\'".',
    'identify : ( { name = "application"; value = "<version>"; } );',
  ],
  rauc: ({ account, imei, httpUrl, secret, ca }) => [
    '# /etc/rauc-hawkbit-updater/config.conf',
    '[client]',
    `hawkbit_server = ${new URL(httpUrl).host}`,
    `ssl = ${isSecure(httpUrl)}`,
    `ssl_verify = ${isSecure(httpUrl)}`,
    ...(ca === undefined ? [] : [`# ${ca} belongs into the system's store of certificate authorities`]),
    `tenant_id = ${account}`,
    `target_name = ${imei}`,
    `auth_token = ${secret}`,
    'bundle_download_location = /tmp/bundle.raucb',
    '',
    '[device]',
    '# The version that runs.',
    'application = <version>',
  ],
  'zephyr-hawkbit': ({ account, imei, httpUrl, secret, ca }) => {
    const { hostname, port } = new URL(httpUrl);
    return [
      '# prj.conf; Zephyr 4.1 or newer, older ones know no tenant but "default"',
      'CONFIG_HAWKBIT=y',
      `CONFIG_HAWKBIT_SERVER="${hostname}"`,
      `CONFIG_HAWKBIT_PORT=${port === '' ? (isSecure(httpUrl) ? 443 : 80) : port}`,
      `CONFIG_HAWKBIT_TENANT="${account}"`,
      'CONFIG_HAWKBIT_DDI_TARGET_SECURITY=y',
      `CONFIG_HAWKBIT_DDI_SECURITY_TOKEN="${secret}"`,
      ...(isSecure(httpUrl) ? ['CONFIG_HAWKBIT_USE_TLS=y'] : []),
      ...(ca === undefined ? [] : [`# ${ca} belongs into the TLS credentials of the device`]),
      `# Its identity callback must answer ${imei}, because the default one answers a hardware id.`,
    ];
  },
  'zephyr-lwm2m': ({ coapUrl, secret, pskIdentity }) => [
    '# prj.conf of the LwM2M client sample, which uses one name as endpoint and as PSK identity',
    `CONFIG_NET_SAMPLE_LWM2M_SERVER="${coapUrl}"`,
    `CONFIG_NET_SAMPLE_LWM2M_ID="${pskIdentity}"`,
    ...(isSecure(coapUrl) ? ['CONFIG_LWM2M_DTLS_SUPPORT=y', `CONFIG_NET_SAMPLE_LWM2M_PSK="${secret}"`] : []),
    'CONFIG_LWM2M_FIRMWARE_UPDATE_OBJ_SUPPORT=y',
  ],
  anjay: ({ imei, coapUrl, secret, pskIdentity }) => [
    '# the demo client of Anjay; identity and key in hexadecimal',
    [
      `demo -e urn:imei:${imei} -u ${coapUrl}`,
      isSecure(coapUrl) ? `-s psk -i ${Buffer.from(pskIdentity).toString('hex')} -k ${secret}` : '-s nosec',
    ].join(' '),
  ],
};

const isSecure = (url: string): boolean => /^(?:https|coaps):/.test(url);

/** The same host on the port of CoAP over DTLS, where none was named. */
export function coapUrlOf(httpUrl: string): string {
  const { hostname } = new URL(httpUrl);
  return `coaps://${hostname}:5684`;
}

export function checkedUrl(flag: string, text: string, schemes: readonly string[]): string {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !schemes.includes(url.protocol)) {
    throw new UsageError(`${flag}: given ${text}, accepted: an address that begins with ${schemes.join('// or ')}//.`);
  }
  return text.replace(/\/+$/, '');
}
