import type { Node } from 'web-tree-sitter';
import type { HaskellModule } from './haskell-module.ts';
import type { OwnModules } from './own-modules.ts';
import { type Meaning, resolveType } from './resolve.ts';
import { children } from './syntax.ts';

/** A type where it is written, with what its variables stand for there. */
export interface WrittenType {
  readonly node: Node;
  readonly module: HaskellModule;
  readonly variables: ReadonlyMap<string, WrittenType>;
  /** Definitions that this is a part of, by module and name: one that comes again holds itself. */
  readonly inside: ReadonlySet<string>;
}

/** A type taken apart: `Map` and its two arguments. */
export interface Applied {
  readonly head: WrittenType;
  readonly args: readonly WrittenType[];
  /** Of a head that is a name. */
  readonly meaning?: Meaning;
}

/** Marks of strictness, brackets around one type, and the nodes that the grammar puts around a field. */
const wrappers = new Set(['parens', 'strict_field', 'lazy_field', 'field']);

export function withoutWrappers(written: WrittenType): WrittenType {
  let { node } = written;
  while (wrappers.has(node.type)) {
    const [inner, ...more] = children(node);
    if (inner === undefined || more.length > 0) break;
    node = inner;
  }
  return { ...written, node };
}

/** Takes a type apart, type synonyms and variables looked through as far as their meaning is known. */
export function takeApart(written: WrittenType, own: OwnModules): Applied {
  let { head, args }: Applied = flatten(written);
  for (;;) {
    if (head.node.type === 'variable') {
      const target = head.variables.get(head.node.text);
      if (target === undefined) return { head, args };
      ({ head, args } = flatten(target, args));
      continue;
    }
    const meaning = meaningOf(head, own);
    if (meaning?.kind !== 'own' || meaning.node.type !== 'type_synomym')
      return { head, args, ...(meaning === undefined ? {} : { meaning }) };
    const key = keyOf(meaning.name, meaning.module);
    const body = meaning.node.childForFieldName('type');
    const parameters = parametersOf(meaning.node);
    if (body === null || args.length < parameters.length || head.inside.has(key))
      return { head, args, meaning };
    const target: WrittenType = {
      node: body,
      module: meaning.module,
      variables: new Map(
        parameters.flatMap((name, index) => {
          const given = args[index];
          return given === undefined ? [] : [[name, given]];
        }),
      ),
      inside: new Set([...head.inside, key]),
    };
    ({ head, args } = flatten(target, args.slice(parameters.length)));
  }
}

function flatten(written: WrittenType, more: readonly WrittenType[] = []): Applied {
  let head = withoutWrappers(written);
  let args = more;
  while (head.node.type === 'apply') {
    const applied = head.node.childForFieldName('constructor');
    const argument = head.node.childForFieldName('argument');
    if (applied === null || argument === null) break;
    args = [{ ...head, node: argument }, ...args];
    head = withoutWrappers({ ...head, node: applied });
  }
  return { head, args };
}

function meaningOf({ node, module }: WrittenType, own: OwnModules): Meaning | undefined {
  if (node.type === 'name') return resolveType(node.text, undefined, module, own);
  if (node.type !== 'qualified') return undefined;
  const name = node.childForFieldName('id');
  const behind = node.childForFieldName('module');
  if (name?.type !== 'name' || behind === null) return undefined;
  return resolveType(name.text, behind.text.replace(/\.$/, ''), module, own);
}

/** The variables of a definition: `a`, `b` of `data R a (b :: Type)`. */
export function parametersOf(definition: Node): readonly string[] {
  const patterns = definition.childForFieldName('patterns');
  if (patterns === null) return [];
  return children(patterns).map((one) =>
    one.type === 'variable' ? one.text : (one.descendantsOfType('variable')[0]?.text ?? ''),
  );
}

export function keyOf(name: string, module: HaskellModule): string {
  return `${module.name}.${name}`;
}
