// An answer of many documents, one a line, that leave one after the other: they are never in memory together.
import { Readable } from 'node:stream';
import type { Operation } from '../contract/index.ts';
import { answerText } from './answer.ts';

export class Lines<Item = unknown> {
  readonly items: AsyncIterable<Item>;

  constructor(items: AsyncIterable<Item>) {
    this.items = items;
  }

  /** The text, as it is asked for. */
  text(operation: Operation): Readable {
    return Readable.from(this.#texts(operation));
  }

  async *#texts(operation: Operation): AsyncGenerator<string> {
    for await (const item of this.items) yield `${answerText(operation, item) ?? ''}\n`;
  }
}
