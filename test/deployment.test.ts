// deploy/ is not run here, but each command, flag, port, path and variable in it exists: in package.json, in the program, in the tree.
import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { readConfig } from '../src/server/index.ts';
import { campanile } from './demo/child.ts';
import { readContainerfile, readPlainYaml, readUnit } from './deployment-files.ts';
import { shellBlocksIn } from './shell-examples.ts';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (path: string): Promise<string> => readFile(ROOT + path, 'utf8');
const manifest = JSON.parse(await read('package.json')) as {
  readonly name: string;
  readonly version: string;
  readonly bin: Readonly<Record<string, string>>;
  readonly engines: { readonly node: string };
  readonly scripts: Readonly<Record<string, string>>;
};
const PROGRAM = manifest.bin['campanile']?.replace('./', '') ?? '';
const serveHelp = await help('serve');
const FLAGS = [...serveHelp.matchAll(/--[a-z][a-z-]+/g)].map(([flag]) => flag);
const VARIABLES = [
  ...FLAGS.map((flag) => `CAMPANILE_${flag.slice(2).toUpperCase().replaceAll('-', '_')}`),
  ...[...serveHelp.matchAll(/\b[A-Z]+(?:_[A-Z]+)+\b/g)].map(([name]) => name),
];
const PORTS = ['http-port', 'coap-port', 'coaps-port'].map(
  (flag) => new RegExp(`--${flag} <port>[^(]*\\((\\d+)\\)`).exec(serveHelp.replace(/\s+/g, ' '))?.[1],
);

async function help(...command: readonly string[]): Promise<string> {
  const { code, stdout } = await campanile(...command, '--help');
  expect(code, command.join(' ')).toBe(0);
  return stdout;
}

test('the program tells its flags, variables and ports', () => {
  expect(PORTS).toEqual(['8080', '5683', '5684']);
  expect(VARIABLES).toEqual(expect.arrayContaining(['CAMPANILE_HTTP_PORT', 'DATABASE_URL', 'CAMPANILE_OPERATOR_KEY']));
});

describe('deploy/Containerfile', async () => {
  const instructions = readContainerfile(await read('deploy/Containerfile'));
  const all = (word: string): readonly string[] =>
    instructions.filter((one) => one.word === word).map(({ rest }) => rest);

  test('is made of the Node that the package asks for', () => {
    const major = manifest.engines.node.replace('>=', '');
    expect(all('FROM').map((rest) => rest.split(' ')[0])).toEqual(
      Array(2).fill(`docker.io/library/node:${major}-slim`),
    );
  });

  test('copies what exists, and all that the package is built from', () => {
    const copied = all('COPY')
      .filter((rest) => !rest.startsWith('--from'))
      .flatMap((rest) => rest.split(' ').slice(0, -1));
    expect(copied.filter((path) => !existsSync(ROOT + path))).toEqual([]);
    const needed = [
      'package.json',
      'package-lock.json',
      'tsconfig.base.json',
      'src',
      'types',
      'scripts',
      'vite.config.ts',
    ];
    expect(needed.filter((path) => existsSync(ROOT + path) && !copied.includes(path))).toEqual([]);
  });

  test('runs scripts that there are', () => {
    const scripts = all('RUN').flatMap((rest) => [...rest.matchAll(/npm run ([\w:-]+)/g)].map(([, name = '']) => name));
    expect(scripts).toEqual(['prepack']);
    expect(scripts.filter((name) => !(name in manifest.scripts))).toEqual([]);
  });

  test('starts the program of the package, as nobody special, with its data in the volume', () => {
    expect(JSON.parse(all('ENTRYPOINT')[0] ?? '')).toEqual(['node', PROGRAM]);
    expect(JSON.parse(all('CMD').at(-1) ?? '')).toEqual(['serve']);
    expect(all('USER')).toEqual(['node']);
    const env = Object.fromEntries(
      all('ENV')
        .flatMap((rest) => rest.split(' '))
        .map((one) => one.split('=')),
    );
    expect(Object.keys(env).filter((name) => name !== 'NODE_ENV' && !VARIABLES.includes(name))).toEqual([]);
    expect(env['CAMPANILE_DATA']).toBe(all('VOLUME')[0]);
  });

  test('opens the ports that the program binds, and asks one of them whether it lives', () => {
    expect(all('EXPOSE')[0]?.split(' ')).toEqual([`${PORTS[0]}/tcp`, `${PORTS[1]}/udp`, `${PORTS[2]}/udp`]);
    expect(all('HEALTHCHECK')[0]).toContain(`http://127.0.0.1:${PORTS[0]}/healthz`);
  });
});

describe('deploy/campanile.service', async () => {
  const settings = readUnit(await read('deploy/campanile.service'));
  const all = (name: string): readonly string[] =>
    settings.filter((one) => one.name === name).map(({ value }) => value);

  test('starts the program where an installation puts it', () => {
    const [node, program = '', ...rest] = all('ExecStart')[0]?.split(' ') ?? [];
    expect({ node, rest }).toEqual({ node: '/usr/bin/node', rest: ['serve'] });
    expect(program).toBe(`/opt/campanile/lib/node_modules/${manifest.name}/${PROGRAM}`);
  });

  test('gives variables that the program knows, and a folder that is its own', () => {
    const env = Object.fromEntries(all('Environment').map((one) => one.split('=')));
    expect(Object.keys(env).filter((name) => name !== 'NODE_ENV' && !VARIABLES.includes(name))).toEqual([]);
    expect(env['CAMPANILE_DATA']).toBe(`/var/lib/${all('StateDirectory')[0]}`);
    expect(all('WorkingDirectory')).toEqual([env['CAMPANILE_DATA']]);
  });

  test('is not root, may nothing, and is not started again with a wrong flag', () => {
    expect([...all('User'), ...all('NoNewPrivileges'), ...all('ProtectSystem')]).toEqual([
      'campanile',
      'yes',
      'strict',
    ]);
    expect(all('CapabilityBoundingSet')).toEqual(['']);
    expect(all('RestartPreventExitStatus')).toEqual(['2']);
  });
});

describe('deploy/compose.yaml', async () => {
  const compose = readPlainYaml(await read('deploy/compose.yaml'));
  const below = (path: string): readonly (readonly [string, string])[] =>
    [...compose].filter(([at]) => at.startsWith(`${path}.`)).map(([at, value]) => [at.slice(path.length + 1), value]);
  const variables = below('services.campanile.environment');

  test('builds the container of the repository and runs a command that there is', async () => {
    const dockerfile = compose.get('services.campanile.build.dockerfile');
    expect([compose.get('services.campanile.build.context'), dockerfile]).toEqual(['..', 'deploy/Containerfile']);
    expect(existsSync(ROOT + dockerfile)).toBe(true);
    await help(compose.get('services.campanile.command') ?? 'none');
  });

  test('gives variables with which the program starts', () => {
    expect(variables.map(([name]) => name).filter((name) => !VARIABLES.includes(name))).toEqual([]);
    const env = Object.fromEntries(variables.map(([name, value]) => [name, filled(value)]));
    expect(readConfig({ host: '0.0.0.0' }, env)).toMatchObject({
      ok: true,
      config: { databaseUrl: expect.any(String) },
    });
  });

  test('reaches PostgreSQL by the name, user and database that it gives it', () => {
    const url = new URL(filled(Object.fromEntries(variables)['DATABASE_URL'] ?? ''));
    const given = Object.fromEntries(below('services.postgres.environment'));
    const wanted = [given['POSTGRES_USER'], 'postgres', `/${given['POSTGRES_DB']}`];
    expect([url.username, url.hostname, url.pathname]).toEqual(wanted);
  });

  test('opens the ports of the container and keeps its data', () => {
    const ports = below('services.campanile.ports').map(([, port]) => port);
    expect(ports).toEqual([`8080:${PORTS[0]}`, `5683:${PORTS[1]}/udp`, `5684:${PORTS[2]}/udp`]);
    expect(below('services.campanile.volumes')).toEqual([['0', 'campanile:/data']]);
  });

  test('asks for no variable that the document does not name', async () => {
    const text = await read('docs/installing.md');
    const asked = [...compose.values()].flatMap((value) =>
      [...value.matchAll(/\$\{(\w+)/g)].map(([, name = '']) => name),
    );
    expect(asked.length).toBeGreaterThan(2);
    expect([...new Set(asked)].filter((name) => !text.includes(`${name}=`))).toEqual([]);
  });
});

/** As compose would, with what the documents give as an example. */
const EXAMPLES: Readonly<Record<string, string>> = {
  POSTGRES_PASSWORD: 'secret',
  CAMPANILE_PUBLIC_HTTP_URL: 'https://fota.example.com',
  CAMPANILE_PUBLIC_COAP: 'coap://fota.example.com:5683',
  CAMPANILE_PUBLIC_COAPS: 'coaps://fota.example.com:5684',
};
const filled = (text: string): string => text.replace(/\$\{(\w+)[^}]*\}/g, (_, name: string) => EXAMPLES[name] ?? '');

describe('the commands that are not run', async () => {
  const path = 'docs/installing.md';
  const blocks = shellBlocksIn(path, await read(path)).filter(({ isRun }) => !isRun);
  const text = blocks.map((block) => block.text).join('\n');

  test('name files, ports and variables that there are', () => {
    const files = [...text.matchAll(/\bdeploy\/[\w.-]+/g)].map(([file]) => file);
    expect(files).toHaveLength(3);
    expect(files.filter((file) => !existsSync(ROOT + file))).toEqual([]);
    expect([...text.matchAll(/\bCAMPANILE_\w+/g)].filter(([name]) => !VARIABLES.includes(name))).toEqual([]);
    expect([...text.matchAll(/--publish (\d+):(\d+)/g)].map(([, , inside]) => inside)).toEqual(PORTS);
    expect(text).toContain(`./${manifest.name}-${manifest.version}.tgz`);
  });

  test('call the program as it is in the container', async () => {
    const [, program, command = ''] = /podman exec campanile node (\S+) ([\w-]+)/.exec(text) ?? [];
    expect(program).toBe(PROGRAM);
    await help(command);
  });
});

test('what is not understood is refused', () => {
  expect(() => readContainerfile('FROM a\nwhat is this')).toThrow('not understood');
  expect(() => readUnit('[Service]\nno setting')).toThrow('not understood');
  expect(() => readPlainYaml('services:\n  a: {b: c}\n?: d')).toThrow('not understood');
  expect([...readPlainYaml('a:\n  b: c\n  d:\n    - e\n    - f:1\ng:\n')]).toEqual([
    ['a.b', 'c'],
    ['a.d.0', 'e'],
    ['a.d.1', 'f:1'],
  ]);
});
