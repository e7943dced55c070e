// Examples of every command, by its words; the help shows them, docs/cli.md is made from them, a test parses each.
import type { Command } from 'commander';

const A = '--account 0000123456-00001';

export const EXAMPLES: Readonly<Record<string, readonly string[]>> = {
  serve: [
    'campanile serve',
    'campanile serve --host 0.0.0.0 --public-http-url https://fota.example.com --public-coap coap://fota.example.com:5683',
    'campanile --config /etc/campanile.json serve',
  ],
  doctor: ['campanile doctor', 'campanile --config /etc/campanile.json doctor --json'],
  demo: ['campanile demo', 'campanile demo --lwm2m 5 --http 5 --keep'],
  fleet: [
    `campanile fleet ${A} --lwm2m 10 --http 10 --import`,
    `campanile fleet ${A} --http 3 --ddi-token one-for-all`,
  ],
  backup: [
    'campanile backup /backups/monday',
    'campanile backup /backups/monday --data /var/lib/campanile --without-images',
  ],
  restore: ['campanile restore /backups/monday --data /var/lib/campanile', 'campanile restore /backups/monday --yes'],
  'login-link': ['campanile login-link', 'campanile login-link ada'],
  'operator list': ['campanile operator list'],
  'operator add': ['campanile operator add ada --role operator'],
  'operator rotate-key': ['campanile operator rotate-key ada'],
  'operator set-role': ['campanile operator set-role ada admin'],
  'operator remove': ['campanile operator remove ada'],
  'account create': [
    'campanile account create 0000123456-00001',
    'campanile account create 0000123456-00001 --poll-seconds 300',
  ],
  'account list': ['campanile account list'],
  'account show': ['campanile account show 0000123456-00001'],
  'device import': [`campanile device import devices.csv ${A} --dry-run`, `campanile device import devices.csv ${A}`],
  'device list': [`campanile device list ${A}`, `campanile device list ${A} --json`],
  'device show': [`campanile device show 490154203237518 ${A}`],
  'device label': [`campanile device label 490154203237518 site=north ring= ${A}`],
  'device remove': [`campanile device remove 490154203237518 ${A}`],
  'device held': [`campanile device held ${A}`],
  'device approve': [`campanile device approve 490154203237518 ${A} --make Acme --model Hub`],
  'device refuse': [`campanile device refuse 490154203237518 ${A}`],
  'device connect': [`campanile device connect 490154203237518 ${A} --for swupdate`],
  'package add': [
    `campanile package add modem-2.0.0.bin ${A} --kind firmware --name modem-fw --from 1.0.0 1.1.0 --to 2.0.0 --make Acme --model M1 --transport LWM2M`,
    `campanile package add app-2.swu ${A} --kind software --name app --from "*" --to 2 --make Acme --model Hub --transport HTTP --signature-file app-2.sig`,
  ],
  'package list': [`campanile package list ${A}`],
  'package key add': [`campanile package key add release.pem ${A} --name release`],
  'package key list': [`campanile package key list ${A}`],
  'package key delete': [`campanile package key delete 3f2a90c1 ${A}`],
  'campaign schedule': [
    `campanile campaign schedule ${A} --kind firmware --package modem-fw --from 1.0.0 --to 2.0.0 --start 2026-03-10 --end 2026-03-20 --imei-file imeis.txt --window 22-24 0-5 --time-zone device`,
  ],
  'campaign abort': [`campanile campaign abort 1b4e28ba ${A}`],
  'campaign list': [`campanile campaign list ${A}`],
  'campaign show': [`campanile campaign show 1b4e28ba ${A}`],
  'campaign watch': [
    `campanile campaign watch 1b4e28ba ${A}`,
    `campanile campaign watch 1b4e28ba ${A} --until hold --every-seconds 60 --json`,
  ],
  'campaign devices': [
    `campanile campaign devices 1b4e28ba ${A}`,
    `campanile campaign devices 1b4e28ba ${A} --state failed expired`,
  ],
  'campaign export': [`campanile campaign export 1b4e28ba ${A} --state failed --csv`],
  'callback show': [`campanile callback show ${A}`],
  'callback rotate-secret': [`campanile callback rotate-secret v3 ${A}`],
  'callback test': [`campanile callback test v3 ${A}`],
  'callback replay': [`campanile callback replay v3 ${A} --from 1 --campaign 1b4e28ba`],
  'callback deliveries': [`campanile callback deliveries ${A} --generation v3`],
  events: ['campanile events --json'],
  'event-listener set': ['campanile event-listener set https://ops.example.com/fota'],
  'event-listener show': ['campanile event-listener show'],
  'event-listener rotate-secret': ['campanile event-listener rotate-secret'],
  'event-listener test': ['campanile event-listener test'],
  'event-listener remove': ['campanile event-listener remove'],
  'account stop-all': ['campanile account stop-all 0000123456-00001 --reason "bricks in the north"'],
  'account resume-all': ['campanile account resume-all 0000123456-00001'],
  'device explain': [`campanile device explain 490154203237518 ${A}`],
  'package withdraw': [`campanile package withdraw modem-fw ${A} --reason "bricks M1 with revision B"`],
  'package reinstate': [`campanile package reinstate modem-fw ${A}`],
  'campaign pause': [`campanile campaign pause 1b4e28ba ${A} --reason "a look first"`],
  'campaign resume': [`campanile campaign resume 1b4e28ba ${A} --reason "looked at it"`],
  'campaign approve': [`campanile campaign approve 1b4e28ba ${A}`],
  'campaign retry': [`campanile campaign retry 1b4e28ba ${A} --start 2026-03-21 --end 2026-03-25`],
  'campaign dates': [`campanile campaign dates 1b4e28ba ${A} --end 2026-03-25 --preview`],
  'campaign narrow': [`campanile campaign narrow 1b4e28ba ${A} --window 0-4`],
  'campaign pace': [`campanile campaign pace 1b4e28ba ${A} --slots 200`],
  'campaign explain': [`campanile campaign explain 1b4e28ba 490154203237518 ${A}`],
  'campaign simulate': [`campanile campaign simulate 1b4e28ba ${A}`],
  'campaign export-ledger': [`campanile campaign export-ledger 1b4e28ba ${A}`],
  'campaign verify-ledger': [`campanile campaign verify-ledger 1b4e28ba ${A}`],
};

/** Every command that does something, with its words. */
export function* doingCommands(command: Command, words: readonly string[] = []): Generator<readonly [string, Command]> {
  if (command.commands.length === 0) yield [words.join(' '), command];
  for (const below of command.commands) yield* doingCommands(below, [...words, below.name()]);
}

export function showExamples(program: Command): void {
  for (const [words, command] of doingCommands(program)) {
    const examples = EXAMPLES[words];
    if (examples === undefined) continue;
    const title = examples.length === 1 ? 'Example:' : 'Examples:';
    command.addHelpText('after', `\n${title}\n${examples.map((line) => `  $ ${line}`).join('\n')}`);
  }
}
