// One step of a mind while it is being taken: the mind so far, what it does, and when it wants to be woken.

/** Things a mind has set itself to do, and when. */
export type Due<Name extends string> = Readonly<Partial<Record<Name, number>>>;

export interface Step<Mind, Action> {
  readonly mind: Mind;
  /** To be carried out in this order. */
  readonly actions: readonly Action[];
  /** When the mind wants the input `wake`; the latest answer counts. */
  readonly wakeAt: number | undefined;
}

export class Turn<Name extends string, Mind extends { readonly due: Due<Name> }, Action> {
  readonly now: number;
  readonly #actions: Action[] = [];
  #mind: Mind;

  constructor(mind: Mind, now: number) {
    this.#mind = mind;
    this.now = now;
  }

  get mind(): Mind {
    return this.#mind;
  }

  become(part: Partial<Mind>): void {
    this.#mind = { ...this.#mind, ...part };
  }

  act(action: Action): void {
    this.#actions.push(action);
  }

  plan(name: Name, at: number): void {
    this.#setDue({ ...this.#mind.due, [name]: at });
  }

  drop(...names: readonly Name[]): void {
    const due = { ...this.#mind.due };
    for (const name of names) delete due[name];
    this.#setDue(due);
  }

  /** Takes what is due now off the list, the earliest first. */
  takeDue(): Name | undefined {
    const first = earliest(this.#mind.due);
    if (first === undefined || first.at > this.now) return undefined;
    this.drop(first.name);
    return first.name;
  }

  end(): Step<Mind, Action> {
    return { mind: this.#mind, actions: this.#actions, wakeAt: earliest(this.#mind.due)?.at };
  }

  #setDue(due: Due<Name>): void {
    this.#mind = { ...this.#mind, due };
  }
}

function earliest<Name extends string>(due: Due<Name>): { readonly name: Name; readonly at: number } | undefined {
  let first: { readonly name: Name; readonly at: number } | undefined;
  for (const name of Object.keys(due) as Name[]) {
    const at = due[name];
    if (at !== undefined && (first === undefined || at < first.at)) first = { name, at };
  }
  return first;
}
