import type { Node } from 'web-tree-sitter';
import { children, type OuterItem } from './syntax.ts';

/** What a module's export list gives out. */
export interface Exports {
  /** Functions and values by name. */
  readonly values: ReadonlyMap<string, Node>;
  readonly types: ReadonlySet<string>;
  /** Of `module A`: all that is imported as A, or, where A is the module itself, all that it defines. */
  readonly modules: ReadonlyMap<string, Node>;
}

export interface Import {
  /** `Data.Map.Strict`. */
  readonly module: string;
  /** What its names may be written behind: `Map` of `Map.Map`. */
  readonly alias: string;
  /** Only behind the alias. */
  readonly qualified: boolean;
  /** Types and values that are imported, or, where `hiding`, that are not; undefined: all. */
  readonly names: ReadonlyMap<string, Node> | undefined;
  readonly hiding: boolean;
}

const prelude: Import = {
  module: 'Prelude',
  alias: 'Prelude',
  qualified: false,
  names: undefined,
  hiding: false,
};

/** Undefined where a module has no export list. */
export function readExports(header: Node | undefined): Exports | undefined {
  const list = header?.childForFieldName('exports');
  if (list === null || list === undefined || header?.hasError === true) return undefined;
  const values = new Map<string, Node>();
  const types = new Set<string>();
  const modules = new Map<string, Node>();
  for (const entry of children(list)) {
    const value = entry.childForFieldName('variable');
    const type = entry.childForFieldName('type');
    if (value !== null) values.set(lastPart(value), value);
    if (type !== null) types.add(lastPart(type));
    const [module] = entry.type === 'module_export' ? children(entry) : [];
    if (module !== undefined) modules.set(module.text, module);
  }
  return { values, types, modules };
}

/** The imports of a module; the Prelude's stands first where it is not written. */
export function readImports(items: readonly OuterItem[], withoutPrelude: boolean): readonly Import[] {
  const imports = items
    .filter(({ node }) => node.type === 'import')
    .map(({ node, conditional }) => {
      const written = readImport(node);
      return conditional ? { ...written, names: undefined, hiding: false } : written;
    });
  const implicit = !withoutPrelude && !imports.some(({ module }) => module === 'Prelude');
  return implicit ? [prelude, ...imports] : imports;
}

function readImport(node: Node): Import {
  const module = node.childForFieldName('module')?.text ?? '';
  const list = node.childForFieldName('names');
  const is = (word: string) => node.children.some(({ type }) => type === word);
  return {
    module,
    alias: node.childForFieldName('alias')?.text ?? module,
    qualified: is('qualified'),
    names:
      list === null
        ? undefined
        : new Map(
            children(list).flatMap((entry) => {
              const name = entry.childForFieldName('type') ?? entry.childForFieldName('variable');
              return name === null ? [] : [[lastPart(name), name]];
            }),
          ),
    hiding: is('hiding'),
  };
}

/** `Text` of `T.Text`. */
function lastPart(name: Node): string {
  return (name.type === 'qualified' ? name.childForFieldName('id') : name)?.text ?? '';
}
