// Numbers with the word for what is counted.

/** `1 device`, `1,204 devices`. */
export const manyOf = (count: number, one: string, several = `${one}s`): string =>
  `${count.toLocaleString('en')} ${count === 1 ? one : several}`;
