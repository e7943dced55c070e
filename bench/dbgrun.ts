import { run } from './dbg.ts';
console.log(await run((l) => console.error(l)));
