/** How a benchmark says what it found beside what was aimed at. */
export interface Target {
  readonly what: string;
  readonly value: number;
  readonly unit: string;
  readonly least?: number;
  readonly most?: number;
}

const isMet = ({ value, least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY }: Target): boolean =>
  value >= least && value <= most;

export function lineOf(target: Target): string {
  const { what, value, unit, least, most } = target;
  const aim = least === undefined ? `<= ${most}` : `>= ${least}`;
  return `${what}: ${Number(value.toFixed(2))} ${unit} (target ${aim}) ${isMet(target) ? 'ok' : 'short'}`;
}
