/** A campaign for the first devices of the fleet, each with its action read: what a storm of feedbacks is about. */
import { dayOf, instant } from '../src/campaigns/index.ts';
import type { DdiDeployment, DdiPoll } from '../src/contract/index.ts';
import { CampanileClient } from '../src/sdk/index.ts';
import { OperatorClient } from '../src/sdk/operator.ts';
import type { Server } from '../src/server/index.ts';
import { ACCOUNT, OPERATOR_KEY } from './ddi.ts';

interface Ordered {
  readonly first: number;
  readonly count: number;
  readonly say: (line: string) => void;
}

const WAIT_MS_MAX = 30_000;
const sleep = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds));

/** The number of each device's action, by its IMEI. */
export async function orderedFleet(server: Server, ordered: Ordered): Promise<Readonly<Record<string, string>>> {
  const imeis = Array.from({ length: ordered.count }, (_, place) => String(ordered.first + place));
  await schedule(server, imeis);
  const until = Date.now() + WAIT_MS_MAX;
  const actions: Record<string, string> = {};
  while (Date.now() < until && Object.keys(actions).length < imeis.length) {
    for (const imei of imeis) {
      if (actions[imei] !== undefined) continue;
      const action = await readAction(server, imei);
      if (action === undefined) break;
      actions[imei] = action;
    }
    await sleep(250);
  }
  ordered.say(`${Object.keys(actions).length} devices have read their action`);
  if (Object.keys(actions).length < imeis.length) throw new Error('not every device was offered its update in time');
  return actions;
}

async function schedule({ publicHttpUrl: baseUrl }: Server, imeis: readonly string[]): Promise<void> {
  const operator = new OperatorClient({ baseUrl, operatorKey: OPERATOR_KEY });
  await operator.packages.upload(
    ACCOUNT,
    { kind: 'software', name: 'app', from: ['1.0'], to: '2.0', make: 'Acme', model: 'Hub', transports: ['HTTP'] },
    new Uint8Array(100_000),
  );
  const { clientId, clientSecret, username, password } = await operator.accounts.addCredentials(ACCOUNT);
  const client = new CampanileClient({ baseUrl, clientId, clientSecret, username, password });
  const today = dayOf(instant(Date.now()));
  await client.campaigns.scheduleSoftwareUpgrade(ACCOUNT, {
    softwareName: 'app',
    softwareFrom: '1.0',
    softwareTo: '2.0',
    distributionType: 'HTTP',
    startDate: today,
    endDate: dayOf(instant(Date.now() + 3 * 86_400_000)),
    deviceList: [...imeis],
  });
}

async function readAction({ publicHttpUrl }: Server, imei: string): Promise<string | undefined> {
  const headers = { authorization: `TargetToken token-${imei}` };
  const read = async <Body>(url: string): Promise<Body> => (await fetch(url, { headers })).json() as Promise<Body>;
  const poll = await read<DdiPoll>(`${publicHttpUrl}/${ACCOUNT}/controller/v1/${imei}`);
  const href = poll._links?.deploymentBase?.href;
  return href === undefined ? undefined : (await read<DdiDeployment>(href)).id;
}
