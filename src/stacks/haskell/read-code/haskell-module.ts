import type { Node, Parser } from 'web-tree-sitter';
import { parseSource, type SourceFile } from '../../code/source-file.ts';
import { type Declarations, readDeclarations } from './declarations.ts';
import { type Exports, type Import, readExports, readImports } from './module-head.ts';
import { children, type OuterItem } from './syntax.ts';

/** One parsed module of the author's. */
export interface HaskellModule extends SourceFile {
  readonly name: string;
  /** Undefined: it gives out all that it defines. */
  readonly exports: Exports | undefined;
  readonly imports: readonly Import[];
  readonly declarations: Declarations;
  /** All of it was understood. Else it may define and import more: by a preprocessor, by splices, or in what the grammar does not know. */
  readonly whole: boolean;
  /** Some of its lines were not read at all. */
  readonly unread: boolean;
}

export function parseHaskell(
  parser: Parser,
  { name, file, text }: { readonly name: string; readonly file: string; readonly text: string },
): HaskellModule {
  // The grammar takes a CR for something to read; lines and columns are the same without.
  const source = parseSource(parser, file, text.replaceAll('\r\n', '\n'));
  const items = outerItems(source.root);
  const header = children(source.root).find(({ type }) => type === 'header');
  const unread = source.root.hasError || /^#/m.test(text);
  const bare = /\{-#\s*LANGUAGE\b[^#]*\bNoImplicitPrelude\b/.test(text.slice(0, 4096));
  return {
    ...source,
    name,
    exports: readExports(header),
    imports: readImports(items, bare),
    declarations: readDeclarations(items, source),
    whole: !unread && items.every(({ node }) => node.type !== 'top_splice'),
    unread,
  };
}

/** What a module consists of, in order. Of `#if ... #else ... #endif` the grammar shows the first branch alone. */
function outerItems(root: Node): readonly OuterItem[] {
  const items: OuterItem[] = [];
  let depth = 0;
  for (const child of children(root)) {
    const inner = child.type === 'imports' || child.type === 'declarations' ? children(child) : [child];
    for (const node of inner) {
      if (node.type !== 'cpp') items.push({ node, conditional: depth > 0 });
      else if (/^#\s*if/.test(node.text)) depth += 1;
      else if (/^#\s*endif/.test(node.text)) depth = Math.max(0, depth - 1);
    }
  }
  return items;
}
