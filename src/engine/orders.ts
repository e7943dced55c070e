// Orders that are being carried out: the steward of this node lets them pass, or a long admission would always be quicker.
import type { CampaignKey } from '../campaigns/index.ts';

const textOf = ({ account, campaign }: CampaignKey): string => `${account} ${campaign}`;

export class Orders {
  readonly #open = new Map<string, number>();

  async during<Result>(key: CampaignKey, run: () => Promise<Result>): Promise<Result> {
    const name = textOf(key);
    this.#open.set(name, (this.#open.get(name) ?? 0) + 1);
    try {
      return await run();
    } finally {
      const left = (this.#open.get(name) ?? 1) - 1;
      if (left === 0) this.#open.delete(name);
      else this.#open.set(name, left);
    }
  }

  isOpen(key: CampaignKey): boolean {
    return this.#open.has(textOf(key));
  }
}
