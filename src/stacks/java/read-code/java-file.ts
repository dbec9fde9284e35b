import type { Node, Parser } from 'web-tree-sitter';
import { parseSource } from '../../code/source-file.ts';
import { declarationsIn, type Imports, type JavaFile } from './declarations.ts';
import { children, dotted } from './nodes.ts';

/** Parses one Java file and reads its package, its imports and what it declares. */
export function parseJava(parser: Parser, file: string, text: string): JavaFile {
  const { rest, modules } = withoutModuleImports(text);
  const source = parseSource(parser, file, rest);
  const heads = children(source.root);
  const packageLine = heads.find(({ type }) => type === 'package_declaration');
  const java: JavaFile = {
    ...source,
    text: rest,
    packageName: packageLine === undefined ? '' : nameIn(packageLine),
    imports: { ...readImports(heads), modules },
    types: [],
  };
  return Object.assign(java, { types: declarationsIn(source.root, java, undefined) });
}

/** The grammar is older than `import module` (Java 25); blanks take its place, so that all other places stay. */
function withoutModuleImports(text: string): { readonly rest: string; readonly modules: readonly string[] } {
  const modules: string[] = [];
  const rest = text.replaceAll(/^[ \t]*import\s+module\s+([\w.]+)\s*;/gm, (line, module: string) => {
    modules.push(module);
    return line.replaceAll(/[^\r\n]/g, ' ');
  });
  return { rest, modules };
}

function readImports(heads: readonly Node[]): Pick<Imports, 'single' | 'stars'> {
  const single = new Map<string, string>();
  const stars: string[] = [];
  for (const line of heads) {
    if (line.type !== 'import_declaration') continue;
    const path = nameIn(line);
    if (line.children.some(({ type }) => type === 'asterisk')) stars.push(path);
    else single.set(path.slice(path.lastIndexOf('.') + 1), path);
  }
  return { single, stars };
}

function nameIn(line: Node): string {
  const name = children(line).find(({ type }) => /identifier$/.test(type));
  return name === undefined ? '' : dotted(name);
}
