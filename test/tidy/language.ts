/** Rules: plain, erasable TypeScript without its escape hatches. */
import type { Node } from 'oxc-parser';
import { isDoor } from './house.ts';
import type { Code, Refusal, Rule } from './source.ts';
import { isGenerated, isTest, refuseAt } from './source.ts';

export const plainTypeScript: Rule = (code) => [
  ...code.nodes.flatMap(({ node }) => refuseNode(code, node)),
  ...refuseComments(code),
];

function refuseNode(code: Code, node: Node): readonly Refusal[] {
  const why = whyNot(node, code.path);
  return why === undefined ? [] : [code.refuse(node, why)];
}

function whyNot(node: Node, path: string): string | undefined {
  switch (node.type) {
    case 'TSAnyKeyword':
      return '"any" switches the compiler off: use unknown and narrow it';
    case 'TSNonNullExpression':
      return isTest(path) ? undefined : '"!" asserts without looking: check, or use invariant()';
    case 'VariableDeclarator':
    case 'PropertyDefinition':
      return node.definite === true ? '"!:" promises a value that nobody checks' : classMember(node);
    case 'MethodDefinition':
      return classMember(node);
    case 'ExportDefaultDeclaration':
      return 'default exports have no name to search for: export by name';
    case 'TSEnumDeclaration':
      return 'enums are not erasable: use a union of literals';
    case 'TSModuleDeclaration':
      // `declare module 'x'` adds to the types of a package and leaves no trace at run time.
      return node.id.type === 'Literal' ? undefined : 'namespaces are not erasable: a file is a module';
    case 'Decorator':
      return 'decorators hide calls: call the function';
    case 'TSParameterProperty':
      return 'parameter properties are not erasable: declare the field';
    case 'ExportAllDeclaration':
    case 'ExportNamedDeclaration':
      return reExport(node, path);
    default:
      return undefined;
  }
}

function classMember(node: Node): string | undefined {
  const hidden = 'accessibility' in node && (node.accessibility === 'private' || node.accessibility === 'protected');
  return hidden ? 'private and protected bind only the compiler: use a #name' : undefined;
}

function reExport(node: Node, path: string): string | undefined {
  const passesOn = 'source' in node && node.source !== null;
  return passesOn && !isDoor(path) && !isGenerated(path) ? 're-exports belong in the index.ts of a folder' : undefined;
}

function refuseComments(code: Code): readonly Refusal[] {
  const found = [...code.text.matchAll(/^\s*(?:\/\/|\/\*|\*)\s*(@ts-(?:ignore|nocheck))\b/gm)];
  return found.map((match) => refuseAt(code, match.index, `${match[1]} hides errors: mend the type`));
}
