// Which device may be meant by an IMEI that nobody has: a slip of one digit, two digits swapped, one missing or one too many.
import { hasCheckDigit, type Imei, parseImei } from '../ids.ts';

const DIGITS = ['0', '1', '2', '3', '4', '5', '6', '7', '8', '9'] as const;
const LENGTH = 15;
/** Devices whose IMEI begins like this many digits of the one that was given are looked at too: at most a hundred. */
const SHARED_DIGITS = 13;

export interface Near {
  readonly imei: Imei;
  /** In which way it differs. */
  readonly how: string;
}

/** Every IMEI that one slip of the finger makes of this text: at most a few hundred, to be looked up by their key. */
export function slipsOf(given: string): readonly Imei[] {
  const text = given.replace(/\D/g, '');
  const made = new Set<string>([text]);
  const places = Array.from({ length: Math.min(text.length, LENGTH + 1) }, (_, place) => place);
  for (const place of places) {
    const [before, after] = [text.slice(0, place), text.slice(place + 1)];
    if (text.length === LENGTH) for (const digit of DIGITS) made.add(before + digit + after);
    if (text.length === LENGTH) made.add(swapped(text, place));
    if (text.length === LENGTH + 1) made.add(before + after);
  }
  if (text.length === LENGTH - 1)
    for (const place of [...places, text.length])
      for (const digit of DIGITS) made.add(text.slice(0, place) + digit + text.slice(place));
  return [...made].map(parseImei).filter((imei): imei is Imei => imei !== undefined && imei !== given);
}

const swapped = (text: string, place: number): string =>
  text.slice(0, place) + text.slice(place + 1, place + 2) + text.slice(place, place + 1) + text.slice(place + 2);

/** How the IMEIs begin that are one or two digits off at their end; undefined where too little was given. */
export function beginningOf(given: string): string | undefined {
  const text = given.replace(/\D/g, '');
  return text.length < SHARED_DIGITS ? undefined : text.slice(0, SHARED_DIGITS);
}

/** The nearest of those that there are, the likeliest slip first. */
export function nearestOf(given: string, known: readonly Imei[], max: number): readonly Near[] {
  const text = given.replace(/\D/g, '');
  return [...new Set(known)]
    .filter((imei) => imei !== given)
    .map((imei) => ({ imei, slip: slipBetween(text, imei) }))
    .toSorted((one, other) => one.slip.rank - other.slip.rank || (one.imei < other.imei ? -1 : 1))
    .slice(0, max)
    .map(({ imei, slip }) => ({ imei, how: slip.how }));
}

interface Slip {
  readonly rank: number;
  readonly how: string;
}

function slipBetween(text: string, imei: Imei): Slip {
  if (text === imei) return { rank: 0, how: 'the same digits' };
  if (text.length < LENGTH) return { rank: 2 + LENGTH - text.length, how: missing(LENGTH - text.length) };
  if (text.length > LENGTH) return { rank: 2 + text.length - LENGTH, how: tooMany(text.length - LENGTH) };
  const places = [...imei].flatMap((digit, place) => (digit === text[place] ? [] : [place]));
  const [first = 0, second] = places;
  if (places.length === 1 && first === LENGTH - 1 && hasCheckDigit(imei))
    return { rank: 0, how: `the check digit is ${imei[first]}, not ${text[first]}` };
  if (places.length === 2 && second === first + 1 && swapped(text, first) === imei)
    return { rank: 1, how: `digits ${first + 1} and ${first + 2} are swapped` };
  if (places.length === 1) return { rank: 2, how: `digit ${first + 1} is ${imei[first]}, not ${text[first]}` };
  return { rank: 2 + places.length, how: `${places.length} digits differ` };
}

const missing = (count: number): string => (count === 1 ? 'one digit is missing' : `${count} digits are missing`);
const tooMany = (count: number): string => (count === 1 ? 'one digit too many' : `${count} digits too many`);
