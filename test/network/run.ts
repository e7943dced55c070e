// `npm run network -- --devices 200 --seed 7`: the same campaigns with as many devices as are wanted, and a line of figures for each.
import { parseArgs } from 'node:util';
import { campaignIn } from './field.ts';
import { SEASONS, season } from './seasons.ts';

const { values } = parseArgs({
  options: { devices: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const devices = Number(values.devices);

for (const name of Object.keys(SEASONS) as (keyof typeof SEASONS)[]) {
  const { updates, passed, seconds, virtualSeconds } = await campaignIn(season(name, devices, Number(values.seed)));
  const done = updates.filter(({ state }) => state.name === 'succeeded').length;
  const lost = Math.round((100 * passed.lost) / passed.datagrams);
  process.stdout.write(
    `${name}: ${done} of ${devices} devices in ${seconds.toFixed(0)} s (${virtualSeconds.toFixed(0)} s of theirs), ` +
      `${passed.datagrams} datagrams, ${lost} % lost, ${passed.doubled} doubled, ${passed.rebound} addresses changed\n`,
  );
  if (done < devices) process.exitCode = 1;
}
