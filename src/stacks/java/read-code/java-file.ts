import type { Node, Parser } from 'web-tree-sitter';
import { parseSource } from '../../code/source-file.ts';
import { declarationsIn, type Imports, type JavaFile } from './declarations.ts';
import { children, dotted } from './nodes.ts';

/** Parses one Java file and reads its package, its imports and what it declares. */
export function parseJava(parser: Parser, file: string, text: string): JavaFile {
  const { known, modules } = asKnownToTheGrammar(text);
  const source = parseSource(parser, file, known);
  const lines = text.split(/\r\n|\r|\n/);
  const heads = children(source.root);
  const packageLine = heads.find(({ type }) => type === 'package_declaration');
  const java: JavaFile = {
    ...source,
    line: (number) => lines[number - 1],
    text,
    packageName: packageLine === undefined ? '' : nameIn(packageLine),
    imports: { ...readImports(heads), modules },
    types: [],
  };
  return Object.assign(java, { types: declarationsIn(source.root, java, undefined) });
}

/**
 * The grammar is older than Java 25. Blanks take the place of `import module`, and `super(...)` or `this(...)` behind other statements becomes the call
 * of another function, so that all places stay.
 */
function asKnownToTheGrammar(text: string): { readonly known: string; readonly modules: readonly string[] } {
  const modules: string[] = [];
  const known = text
    .replaceAll(/^[ \t]*import\s+module\s+([\w.]+)\s*;/gm, (line, module: string) => {
      modules.push(module);
      return line.replaceAll(/[^\r\n]/g, ' ');
    })
    .replaceAll(/(?<=[;}]\s*)(?:super|this)(?=\s*\()/g, (word) => '_'.repeat(word.length));
  return { known, modules };
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
