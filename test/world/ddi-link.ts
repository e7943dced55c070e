// A polling HTTP device of the world and what the server's DDI delivery does with it: typed messages instead of HTTP.
import {
  type DdiView,
  type DeviceKey,
  ddiView,
  type ImageToken,
  type Permit,
  type Report,
} from '../../src/campaigns/index.ts';
import { type DdiPoll, ddiSleep } from '../../src/contract/index.ts';
import type { TransferStart } from '../../src/engine/index.ts';
import {
  type DdiAction,
  type DdiInput,
  type DdiMind,
  type DdiRequest,
  type DeviceReport,
  newDdiMind,
  reportOfDdi,
  stepDdi,
} from '../../src/simulator/index.ts';
import { DeviceClock, DeviceWay, type LinkWorld } from './link.ts';
import type { WorldNode } from './node.ts';
import type { WorldDevice } from './scenario.ts';

export class DdiLink {
  readonly key: DeviceKey;
  readonly #world: LinkWorld;
  readonly #pollSeconds: number;
  #mind: DdiMind;
  #wakes = 0;
  #stopped = new Set<number>();

  readonly #way: DeviceWay;
  readonly #clock: DeviceClock;

  constructor(device: WorldDevice, key: DeviceKey, world: LinkWorld, pollSeconds: number) {
    this.key = key;
    this.#world = world;
    this.#way = new DeviceWay(device, world);
    this.#clock = new DeviceClock(device, world.agenda);
    this.#pollSeconds = pollSeconds;
    this.#mind = newDdiMind(device, { newHash: world.newHash, random: world.random.fork(`device ${device.imei}`) });
    world.agenda.after(0, () => this.#hear({ type: 'boot' }));
  }

  get report(): DeviceReport {
    return reportOfDdi(this.#mind);
  }

  #hear(input: DdiInput): void {
    const step = stepDdi(this.#mind, input, this.#clock.now());
    this.#mind = step.mind;
    this.#wakes += 1;
    const wake = this.#wakes;
    if (step.wakeAt !== undefined) {
      this.#clock.wake(step.wakeAt, () => {
        if (this.#wakes === wake) this.#hear({ type: 'wake' });
      });
    }
    for (const action of step.actions) this.#do(action);
  }

  #do(action: DdiAction): void {
    if (action.type === 'stop') {
      this.#stopped.add(action.id);
      return;
    }
    const { id, request } = action;
    const node = this.#world.anyNode();
    if (request.type === 'download') return this.#download(node, id, request);
    // HTTP over TCP: the request is heard or not, and so is the answer; nothing is repeated below the client.
    let over = false;
    const end = (input: DdiInput) => {
      if (over || this.#stopped.has(id)) return;
      over = true;
      this.#hear(input);
    };
    let heard = false;
    this.#world.network.deliver(this.#way, 'up', async () => {
      if (heard) return;
      heard = true;
      const answer = await this.#answer(node, id, request);
      if (answer !== undefined) this.#world.network.deliver(this.#way, 'down', () => end(answer));
    });
    this.#world.agenda.after(30_000 + this.#world.network.trouble.delayMax * 2, () => end({ type: 'lost', id }));
  }

  async #answer(
    node: WorldNode,
    id: number,
    request: Exclude<DdiRequest, { readonly type: 'download' }>,
  ): Promise<DdiInput | undefined> {
    switch (request.type) {
      case 'poll':
        return this.#poll(node, id);
      case 'put-config': {
        const told = await node.call((engine) => engine.deviceTold(this.key, { mode: 'replace', data: request.data }));
        return told === undefined ? undefined : { type: 'accepted', id };
      }
      case 'read-deployment':
        return this.#deployment(node, id, Number(request.href.split('/').at(-1)));
      case 'read-cancel': {
        const actionId = request.href.split('/').at(-1)!;
        return { type: 'cancel', id, cancel: { id: actionId, cancelAction: { stopId: actionId } } };
      }
      default:
        return this.#feedback(node, id, request);
    }
  }

  async #view(node: WorldNode): Promise<DdiView | undefined> {
    const seen = await this.#world.contact(node, this.key);
    if (seen?.value === undefined) return undefined;
    const view = ddiView(seen.value, node.now());
    const { action } = view;
    if (action === undefined) return view;
    const { campaign, update } = action.snapshot;
    const begun = action.attempt.transfer !== undefined;
    if (view.cancel !== undefined) this.#world.checks.fail(`${this.key.imei} is shown an action beside a cancellation`);
    if (update.state.name === 'installing') return view;
    if (action.download === 'forced') this.#world.checks.sent('download', campaign.id, this.key.imei, 'a link', begun);
    if (action.update === 'forced')
      this.#world.checks.sent('install', campaign.id, this.key.imei, 'leave to install', begun);
    return view;
  }

  async #poll(node: WorldNode, id: number): Promise<DdiInput | undefined> {
    const view = await this.#view(node);
    if (view === undefined) return undefined;
    const links = {
      ...(view.wantsAttributes ? { configData: { href: 'configData' } } : {}),
      ...(view.action === undefined
        ? {}
        : { deploymentBase: { href: `deploymentBase/${view.action.attempt.actionId}` } }),
      ...(view.cancel === undefined ? {} : { cancelAction: { href: `cancelAction/${view.cancel.actionId}` } }),
    };
    const poll: DdiPoll = { config: { polling: { sleep: ddiSleep(this.#pollSeconds) } }, _links: links };
    return { type: 'polled', id, poll };
  }

  async #deployment(node: WorldNode, id: number, actionId: number): Promise<DdiInput | undefined> {
    const acted = await node.call((engine) => engine.deviceActed(this.key, actionId));
    const view = await this.#view(node);
    if (acted === undefined || view === undefined) return undefined;
    const { action } = view;
    if (action?.attempt.actionId !== actionId) return { type: 'refused', id, status: 404 };
    const artifact = {
      filename: 'image',
      hashes: { sha1: '', md5: '', sha256: this.#world.image.sha256 },
      size: this.#world.image.size,
      _links: { 'download-http': { href: `f/${action.attempt.token}` } },
    };
    const deployment = {
      download: action.download,
      update: action.update,
      maintenanceWindow: action.maintenance,
      chunks: [{ part: 'os', version: '2', name: 'image', artifacts: [artifact] }],
    };
    return { type: 'deployment', id, deployment: { id: String(actionId), deployment } };
  }

  async #feedback(
    node: WorldNode,
    id: number,
    told: Extract<DdiRequest, { readonly type: 'feedback' }>,
  ): Promise<DdiInput | undefined> {
    const actionId = Number(told.actionId);
    const answer =
      told.about === 'cancelAction'
        ? await node.call((engine) => engine.deviceCancelled(this.key, actionId, told.execution))
        : await node.call((engine) => engine.deviceReported(this.key, actionId, reportOf(told)));
    if (answer === undefined) return undefined;
    return answer.value === 'stored'
      ? { type: 'accepted', id }
      : { type: 'refused', id, status: answer.value === 'gone' ? 410 : 404 };
  }

  #download(node: WorldNode, id: number, { href, offset }: Extract<DdiRequest, { readonly type: 'download' }>): void {
    const token = href.split('/').at(-1) as ImageToken;
    let heard = false;
    this.#world.network.deliver(this.#way, 'up', async () => {
      if (heard) return undefined;
      heard = true;
      const start = (await node.call((engine) => engine.beginTransfer(token, offset)))?.value;
      if (start === undefined) return this.#hearLost(id);
      if (!start.ok && !start.unknown) this.#world.checks.hit(start.refusal.rule);
      if (!start.ok) return this.#hear({ type: 'refused', id, status: start.unknown ? 404 : 503 });
      return this.#stream(node, id, start, offset);
    });
    // Without an answer the connection times out; a mind that has moved on ignores it.
    this.#world.agenda.after(600_000, () => this.#hearLost(id));
  }

  #hearLost(id: number): void {
    if (!this.#stopped.has(id)) this.#hear({ type: 'lost', id });
  }

  #stream(node: WorldNode, id: number, start: TransferStart & { readonly ok: true }, from: number): void {
    const { life } = node;
    const began = this.#world.agenda.now();
    const next = async (permit: Permit & { readonly ok: true }, offset: number): Promise<void> => {
      if (this.#stopped.has(id) || !node.up || node.life !== life || !this.#way.passes('down'))
        return this.#hearLost(id);
      const fresh =
        node.now() < permit.until ? permit : (await node.call((engine) => engine.transferPermit(start.key)))?.value;
      if (fresh === undefined) return this.#hearLost(id);
      this.#world.checks.hit(fresh.rule);
      if (!fresh.ok) {
        await node.call((engine) => engine.transferInterrupted(start.key));
        return this.#hearLost(id);
      }
      this.#world.checks.sent('download', start.key.campaign, this.key.imei, 'a chunk', true);
      const { bytes, last } = this.#world.block(offset);
      if (last)
        await node.call((engine) =>
          engine.endTransfer(start.key, {
            bytes: offset + bytes.length,
            complete: true,
            took: this.#world.agenda.now() - began,
          }),
        );
      this.#world.checks.heard('download', start.key.campaign, this.key.imei, 'a chunk', true);
      this.#hear({ type: 'bytes', id, offset, bytes, last });
      if (last) return;
      this.#world.agenda.after(500, () => next(fresh, offset + bytes.length));
    };
    this.#world.agenda.after(100, () => next(start.until, from));
  }
}

function reportOf({ execution, finished, details }: Extract<DdiRequest, { readonly type: 'feedback' }>): Report {
  const detail = details.join(' ');
  if (execution === 'closed')
    return finished === 'failure' ? { step: 'failed', detail } : { step: 'installed', detail };
  if (execution === 'download') return { step: 'downloading' };
  if (execution === 'downloaded') return { step: 'downloaded' };
  if (execution === 'rejected') return { step: 'rejected', detail };
  if (execution === 'canceled') return { step: 'cancelled', detail };
  return { step: 'progress' };
}
