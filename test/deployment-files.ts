// Reads the files of deploy/ as far as they are written there; whatever looks different is refused and not guessed at.

export interface Instruction {
  readonly word: string;
  readonly rest: string;
}

/** A Containerfile: one instruction a line, lines that end with a backslash go on. */
export function readContainerfile(text: string): readonly Instruction[] {
  const lines = text.replace(/\\\n\s*/g, '').split('\n');
  return lines
    .filter((line) => line.trim() !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, word, rest] = /^([A-Z]+) (.+)$/.exec(line) ?? [];
      if (word === undefined || rest === undefined) throw new Error(`not understood: ${line}`);
      return { word, rest };
    });
}

export interface Setting {
  readonly section: string;
  readonly name: string;
  readonly value: string;
}

/** A unit of systemd. */
export function readUnit(text: string): readonly Setting[] {
  let section = '';
  return text.split('\n').flatMap((line) => {
    if (line === '' || line.startsWith('#')) return [];
    const heading = /^\[(\w+)\]$/.exec(line)?.[1];
    if (heading !== undefined) {
      section = heading;
      return [];
    }
    const [, name, value] = /^([A-Z]\w+)=(.*)$/.exec(line) ?? [];
    if (name === undefined || value === undefined || section === '') throw new Error(`not understood: ${line}`);
    return [{ section, name, value }];
  });
}

/** YAML of mappings, lists of texts and texts without quotes: each text by its path, like `services.campanile.ports.0`. */
export function readPlainYaml(text: string): ReadonlyMap<string, string> {
  const found = new Map<string, string>();
  const open: { indent: number; name: string; items: number }[] = [];
  for (const line of text.split('\n')) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, blanks = '', item, name, value] = /^( *)(?:- (\S.*)|([\w.-]+):(?: (\S.*))?)$/.exec(line) ?? [];
    if (item === undefined && name === undefined) throw new Error(`not understood: ${line}`);
    while ((open.at(-1)?.indent ?? -1) >= blanks.length) open.pop();
    const parent = open.at(-1);
    const above = open.map((one) => one.name);
    if (item !== undefined) {
      if (parent === undefined) throw new Error(`not understood: ${line}`);
      found.set([...above, parent.items++].join('.'), item);
    } else if (name !== undefined) {
      if (value !== undefined) found.set([...above, name].join('.'), value);
      open.push({ indent: blanks.length, name, items: 0 });
    }
  }
  return found;
}
