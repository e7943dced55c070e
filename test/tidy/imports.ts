/** Rule: a file imports only what the row of its folder allows, and other folders only through their doors. */
import { dirname, join, normalize } from 'node:path/posix';
import type { Node } from 'oxc-parser';
import type { Entry, House } from './house.ts';
import { ALIASES, DOORS, HOUSE, readEntry, roomOf, SIDE_DOORS, TEST_PACKAGES } from './house.ts';
import type { Code, Refusal, Rule } from './source.ts';

interface Import {
  readonly node: Node;
  readonly how: Entry['how'];
  /** Absent where a program cannot read it: `import(name)`. */
  readonly what: string | undefined;
}

export const importRule =
  (house: House): Rule =>
  (code) => {
    const found = code.nodes.flatMap(({ node }) => importOf(node) ?? []);
    if (!code.path.startsWith('src/')) return found.flatMap((one) => refuseOutside(code, one));
    const pathInSrc = code.path.slice('src/'.length);
    const room = roomOf(house, pathInSrc);
    if (room === undefined) return [code.refuse(code.root, 'belongs to no folder in test/tidy/house.ts')];
    const entries = allowedIn(house, room, pathInSrc);
    return found.flatMap((one) => refuseInside(code, { one, house, room, entries }));
  };

export const importsFollowTheTable = importRule(HOUSE);

function importOf(node: Node): Import | undefined {
  switch (node.type) {
    case 'ImportDeclaration': {
      const onlyTypes = node.specifiers.length > 0 && node.specifiers.every((s) => isTypeSpecifier(s));
      return { node, how: node.importKind === 'type' || onlyTypes ? 'type' : 'always', what: node.source.value };
    }
    case 'ExportAllDeclaration':
      return { node, how: node.exportKind === 'type' ? 'type' : 'always', what: node.source.value };
    case 'ExportNamedDeclaration': {
      if (node.source === null) return undefined;
      const onlyTypes = node.specifiers.length > 0 && node.specifiers.every((s) => s.exportKind === 'type');
      return { node, how: node.exportKind === 'type' || onlyTypes ? 'type' : 'always', what: node.source.value };
    }
    case 'TSImportType':
      return { node, how: 'type', what: node.source.value };
    case 'ImportExpression': {
      const { source } = node;
      const readable = source.type === 'Literal' && typeof source.value === 'string';
      return { node, how: 'lazy', what: readable ? source.value : undefined };
    }
    default:
      return undefined;
  }
}

function isTypeSpecifier(specifier: Node): boolean {
  return specifier.type === 'ImportSpecifier' && specifier.importKind === 'type';
}

/** The room's row, the file's own row, and what every test may have. */
function allowedIn(house: House, room: string, pathInSrc: string): readonly Entry[] {
  const row = house[room] ?? [];
  if (!pathInSrc.endsWith('.test.ts')) return [...row, ...(house[pathInSrc] ?? [])].map(readEntry);
  const tested = house[pathInSrc.replace(/\.test\.ts$/, '.ts')] ?? [];
  const node = row.some((text) => text.includes('node:')) ? ['node:*'] : [];
  return [...row, ...tested, ...TEST_PACKAGES, ...node].map(readEntry);
}

interface Case {
  readonly one: Import;
  readonly house: House;
  readonly room: string;
  readonly entries: readonly Entry[];
}

function refuseInside(code: Code, { one, house, room, entries }: Case): readonly Refusal[] {
  if (one.what === undefined) return [code.refuse(one.node, 'imports something that cannot be read from the source')];
  const target = targetOf(code.path, one.what);
  if (target === undefined) {
    return allows(entries, one.how, one.what)
      ? []
      : [code.refuse(one.node, `${room} may not import ${one.what}${one.how === 'type' ? ' (types)' : ''}`)];
  }
  if (!target.startsWith('src/')) return [code.refuse(one.node, `imports ${target}, which is outside src/`)];
  const targetRoom = roomOf(house, target.slice('src/'.length));
  if (targetRoom === undefined) return [code.refuse(one.node, `imports ${target}, which belongs to no folder`)];
  if (targetRoom === room) return [];
  if (!allows(entries, one.how, `${targetRoom}/`)) {
    return [code.refuse(one.node, `${room} may not import ${targetRoom}/ (${one.how})`)];
  }
  return refuseDoor(code, one, target, targetRoom);
}

/** Tests, benchmarks and scripts may use every folder, through its door. */
function refuseOutside(code: Code, one: Import): readonly Refusal[] {
  const target = one.what === undefined ? undefined : targetOf(code.path, one.what);
  if (target === undefined || !target.startsWith('src/')) return [];
  const room = roomOf(HOUSE, target.slice('src/'.length));
  return room === undefined
    ? [code.refuse(one.node, `imports ${target}, which belongs to no folder`)]
    : refuseDoor(code, one, target, room);
}

function refuseDoor(code: Code, one: Import, target: string, room: string): readonly Refusal[] {
  const inSrc = target.slice('src/'.length);
  if (inSrc === `${room}/${DOORS.values}` || SIDE_DOORS.includes(inSrc)) return [];
  if (inSrc === `${room}/${DOORS.types}`) {
    return one.how === 'type' ? [] : [code.refuse(one.node, `takes more than types from ${target}`)];
  }
  return [code.refuse(one.node, `imports ${target}; the only door of ${room}/ is its ${DOORS.values}`)];
}

/** The path an import leads to, from the root; undefined for a package or a module of Node. */
function targetOf(from: string, what: string): string | undefined {
  if (what.startsWith('.')) return normalize(join(dirname(from), what));
  return ALIASES[what];
}

function allows(entries: readonly Entry[], how: Entry['how'], what: string): boolean {
  return entries.some((entry) => {
    if (entry.how === 'type' && how !== 'type') return false;
    if (entry.how === 'lazy' && how === 'always') return false;
    return covers(entry.what, what);
  });
}

function covers(entry: string, what: string): boolean {
  if (entry === what) return true;
  if (entry === 'node:*') return what.startsWith('node:');
  return entry === '*' && !what.startsWith('node:') && !what.endsWith('/');
}
