/** Rules about the project as a whole: its tsconfigs, its documents and its scripts say what the table and the code say. */
import type { House } from './house.ts';
import { edges, readEntry } from './house.ts';
import { picture } from './picture.ts';
import type { Refusal, Source } from './source.ts';
import { refuseAt } from './source.ts';

/** The tsconfig of a folder refers to exactly the folders of its row that are there, and sees Node only if the row does. */
export function refuseTsconfig(house: House, config: Source, folders: readonly string[]): readonly Refusal[] {
  const folder = config.path.split('/')[1] ?? '';
  const targets = edges(house).get(folder);
  if (targets === undefined) return [refuseAt(config, 0, `src/${folder} is not in test/tidy/house.ts`)];
  const refers = referencesOf(config).map((path) => path.replace('../', ''));
  const wanted = [...targets.keys()].filter((to) => folders.includes(to));
  return [
    ...wanted.filter((to) => !refers.includes(to)).map((to) => refuseAt(config, 0, `lacks the reference ../${to}`)),
    ...refers.filter((to) => !wanted.includes(to)).map((to) => refuseAt(config, 0, `refers to ${to}, the table not`)),
    ...refuseNodeTypes(house, config, folder),
  ];
}

function refuseNodeTypes(house: House, config: Source, folder: string): readonly Refusal[] {
  const rows = Object.entries(house).filter(([key]) => key === folder || key.startsWith(`${folder}/`));
  // Fastify's types name Node's streams, so whoever sees Fastify sees Node.
  const needsNode = rows.some(([, row]) => row.map(readEntry).some(({ what }) => /^(?:node:|fastify$)/.test(what)));
  const hasNode = config.text.includes('"node"');
  if (hasNode === needsNode) return [];
  return [refuseAt(config, 0, hasNode ? 'sees "node", its row has no node: module' : 'needs "types": ["node"]')];
}

/** The tsconfig at the root (or of the tests) refers to every folder there is. */
export function refuseMissingReferences(config: Source, folders: readonly string[]): readonly Refusal[] {
  const refers = referencesOf(config).map((path) => path.replace('../', ''));
  return folders
    .filter((folder) => !refers.includes(`src/${folder}`))
    .map((folder) => refuseAt(config, 0, `lacks the reference to src/${folder}`));
}

function referencesOf(config: Source): readonly string[] {
  const { references = [] }: { references?: readonly { readonly path: string }[] } = JSON.parse(config.text);
  return references.map(({ path }) => path);
}

/** Every `npm run x`, `npm test`, `npm start` in a document is a script of package.json. */
export function refuseUnknownScripts(document: Source, scripts: readonly string[]): readonly Refusal[] {
  const commands = /\bnpm (?:--?\S+ )*(?:(?:run|run-script) (?:--?\S+ )*([\w:.-]+)|(test|start)\b)/g;
  return [...document.text.matchAll(commands)].flatMap((match) => {
    const script = (match[1] ?? match[2] ?? '').replace(/[.:]+$/, '');
    return scripts.includes(script)
      ? []
      : [refuseAt(document, match.index, `"${match[0]}": there is no script ${script}`)];
  });
}

const PICTURE = {
  from: '<!-- picture: printed from test/tidy/house.ts -->\n',
  to: '\n<!-- end of picture -->',
} as const;

/** The picture between the two marks is the one printed from the table. */
export function refuseOldPicture(house: House, document: Source): readonly Refusal[] {
  const start = document.text.indexOf(PICTURE.from);
  const end = document.text.indexOf(PICTURE.to, start);
  if (start < 0 || end < 0) return [refuseAt(document, 0, `has no picture between ${PICTURE.from} and ${PICTURE.to}`)];
  const printed = picture(house);
  if (document.text.slice(start + PICTURE.from.length, end) === printed) return [];
  return [refuseAt(document, start, `shows an old picture; the table prints:\n${printed}`)];
}
