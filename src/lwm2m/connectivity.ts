// Object 4, Connectivity Monitoring: in which radio cell and in whose network a device is (OMA LwM2M TS 1.0 §E.5).
import { integerOf, type Resources, valuesIn } from './value.ts';

export const CONNECTIVITY = { object: '/4/0' } as const;

const CELL_ID = 8;
const NETWORK_CODE = 9;
const COUNTRY_CODE = 10;

export interface ConnectivityReading {
  readonly cell?: string;
  /** Country and network code, like `262-01`. */
  readonly carrier?: string;
}

/** What the device shows; it shows neither while it is in no mobile network. */
export function connectivityIn(resources: Resources): ConnectivityReading {
  const [cell, network, country] = [CELL_ID, NETWORK_CODE, COUNTRY_CODE].map((id) => numberIn(resources, id));
  return {
    ...(cell === undefined ? {} : { cell: String(cell) }),
    // As numbers the codes have lost their leading zeros; of a network code at least two digits are written.
    ...(network === undefined || country === undefined
      ? {}
      : { carrier: `${String(country).padStart(3, '0')}-${String(network).padStart(2, '0')}` }),
  };
}

function numberIn(resources: Resources, id: number): number | undefined {
  const [value] = valuesIn(resources.get(id));
  const number = value === undefined ? undefined : integerOf(value);
  return number === undefined || number < 0 ? undefined : number;
}
