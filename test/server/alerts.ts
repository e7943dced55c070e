/** Reads a file of alerting rules: exactly the part of YAML that ours is written in, so that nothing else slips in. */

export interface Alert {
  readonly name: string;
  readonly expr: string;
  readonly annotations: Readonly<Record<string, string>>;
  readonly labels: Readonly<Record<string, string>>;
}

const HEAD = ['groups:', '  - name: campanile', '    rules:'];

export function readAlerts(text: string): readonly Alert[] {
  const lines = text.split('\n').filter((line) => line !== '' && !line.startsWith('#'));
  if (HEAD.some((line, place) => lines[place] !== line)) throw new Error(`it has to begin with ${HEAD.join(' / ')}`);
  const alerts: { name: string; fields: Record<string, string>; parts: Record<string, Record<string, string>> }[] = [];
  let part = '';
  for (const line of lines.slice(HEAD.length)) {
    const [, indent = '', dash, name = '', value = ''] = /^( +)(- )?([a-z]+):(?: (.+))?$/.exec(line) ?? [];
    const alert = alerts.at(-1);
    if (indent.length === 6 && dash !== undefined && name === 'alert') {
      alerts.push({ name: value, fields: {}, parts: {} });
    } else if (indent.length === 8 && dash === undefined && alert !== undefined) {
      if (value === '') alert.parts[name] = {};
      else alert.fields[name] = plain(value);
      part = value === '' ? name : '';
    } else if (indent.length === 10 && alert?.parts[part] !== undefined && value !== '') {
      alert.parts[part] = { ...alert.parts[part], [name]: plain(value) };
    } else throw new Error(`a line that is not understood: ${line}`);
  }
  return alerts.map(({ name, fields, parts }) => ({
    name,
    expr: fields['expr'] ?? '',
    labels: parts['labels'] ?? {},
    annotations: parts['annotations'] ?? {},
  }));
}

/** A text in single quotes, or a bare one without what YAML would read as something else. */
function plain(value: string): string {
  const quoted = /^'([^']*)'$/.exec(value)?.[1];
  if (quoted !== undefined) return quoted;
  if (/: | #|^[[\]{}&*!|>%@`"',?-]/.test(value)) throw new Error(`it has to be quoted: ${value}`);
  return value;
}

const WORDS = new Set(['and', 'or', 'unless', 'by', 'without', 'on', 'ignoring', 'bool']);

/** The metrics that an expression asks for. */
export function metricsIn(expr: string): readonly string[] {
  const bare = expr
    .replace(/\{[^}]*\}/g, '')
    .replace(/\[[^\]]*\]/g, '')
    .replace(/\b(?:by|without|on|ignoring) \([^)]*\)/g, '');
  const words = [...bare.matchAll(/[a-zA-Z_:][\w:]*(?!\w|\s*\()/g)].map(([word]) => word);
  return words.filter((word) => !WORDS.has(word));
}

/** The names of all metrics of a scrape, with those that a histogram has. */
export function metricNames(scrape: string): ReadonlySet<string> {
  const types = [...scrape.matchAll(/^# TYPE (\S+) (\S+)$/gm)];
  return new Set(
    types.flatMap(([, name = '', type]) =>
      type === 'histogram' ? [`${name}_bucket`, `${name}_sum`, `${name}_count`] : [name],
    ),
  );
}
