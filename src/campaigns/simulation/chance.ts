// Chance out of one seed, for simulations: the same seed plays the same campaign again.

/** The next number, from 0 up to but not including 1. */
export type Chance = () => number;

/** splitmix32, of Steele, Lea and Flood (OOPSLA 2014). */
export function seededChance(seed: number): Chance {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x9e3779b9) >>> 0;
    let mixed = state;
    mixed = Math.imul(mixed ^ (mixed >>> 16), 0x21f0aaad);
    mixed = Math.imul(mixed ^ (mixed >>> 15), 0x735a2d97);
    return ((mixed ^ (mixed >>> 15)) >>> 0) / 4_294_967_296;
  };
}
