import type { Node } from 'web-tree-sitter';
import type { Place } from '../../../core/index.ts';
import type { CodeApi, CodeFunction, CodeName } from '../../stack.ts';
import type { Value } from './declarations.ts';
import { readFunction } from './functions.ts';
import type { HaskellModule } from './haskell-module.ts';
import type { OwnModules } from './own-modules.ts';
import type { TypeReader } from './type-reader.ts';
import { unreadNames } from './unread.ts';

/** A function that the entry module gives out. */
export interface Served {
  readonly name: string;
  /** In the entry module: its signature, else its first equation; of one from another module, where it is given out. */
  readonly place: Place;
  /** Undefined where its definition is not among the author's modules, or could not be read. */
  readonly definition: { readonly value: Value; readonly module: HaskellModule } | undefined;
}

/** Not called by workflows, or the program's own. Names that begin with _ are the author's own matter. */
const left = /^(_.*|startup|shutdown|main)$/;

/** What the entry module gives out and may be a function, in order: its own, then those of other modules. */
export function listServed(own: OwnModules): readonly Served[] {
  const { entry } = own;
  const { exports, declarations } = entry;
  const given = new Map<string, Served>();
  const add = (served: Served) => {
    if (!left.test(served.name) && !given.has(served.name)) given.set(served.name, served);
  };
  for (const [name, value] of declarations.values) {
    if (isGivenOut(name, entry))
      add({ name, place: entry.placeOf(value.name), definition: { value, module: entry } });
  }
  for (const [name, { line, column }] of unreadNames(entry)) {
    if (isGivenOut(name, entry))
      add({ name, place: { file: entry.file, line, column, length: name.length }, definition: undefined });
  }
  for (const [name, node] of exports?.values ?? []) {
    if (declarations.members.has(name)) continue;
    const [found] = entry.imports.flatMap((from) => {
      const listed = from.names?.has(name);
      return listed !== undefined && listed === from.hiding
        ? []
        : (definitionOf(name, from.module, own) ?? []);
    });
    add({ name, place: entry.placeOf(node), definition: found });
  }
  for (const [alias, node] of exports?.modules ?? []) {
    for (const from of entry.imports.filter((one) => one.alias === alias && !one.qualified)) {
      for (const name of valuesOf(from.module, own)) {
        const listed = from.names?.has(name);
        if (listed !== undefined && listed === from.hiding) continue;
        add({ name, place: entry.placeOf(node), definition: definitionOf(name, from.module, own) });
      }
    }
  }
  return [...given.values()];
}

/** The functions that the entry module serves, with their types, and the names that it does not. */
export function readServedFunctions(own: OwnModules, reader: TypeReader): CodeApi {
  const functions: CodeFunction[] = [];
  const others: CodeName[] = [];
  for (const { name, place, definition } of listServed(own)) {
    if (definition === undefined)
      others.push({ name, what: 'unknown', text: 'where it cannot be read', place });
    else functions.push(readFunction(definition.value, definition.module, reader, place));
  }
  const known = new Set([...functions, ...others].map(({ name }) => name));
  others.push(...otherNames(own.entry).filter(({ name }) => !known.has(name)));
  // What is told of a source that is confirmed is no function.
  const hooks = new Set(functions.flatMap(({ name, source }) => (source === true ? [`${name}Ack`] : [])));
  return { functions: functions.filter(({ name }) => !hooks.has(name)), others, notes: [] };
}

function isGivenOut(name: string, { name: module, exports }: HaskellModule): boolean {
  return exports === undefined || exports.values.has(name) || exports.modules.has(module);
}

function definitionOf(
  name: string,
  from: string,
  own: OwnModules,
  seen: ReadonlySet<string> = new Set(),
): Served['definition'] {
  const module = own.find(from);
  if (module === undefined || seen.has(from)) return undefined;
  const value = module.declarations.values.get(name);
  if (value !== undefined) return isGivenOut(name, module) ? { value, module } : undefined;
  if (module.exports?.values.has(name) !== true) return undefined;
  const inside = new Set([...seen, from]);
  for (const { module: next } of module.imports) {
    const found = definitionOf(name, next, own, inside);
    if (found !== undefined) return found;
  }
  return undefined;
}

function valuesOf(from: string, own: OwnModules): readonly string[] {
  const module = own.find(from);
  if (module === undefined) return [];
  return [...module.declarations.values.keys()].filter((name) => isGivenOut(name, module));
}

/** Names of the entry module that are no functions that it gives out. */
function otherNames(entry: HaskellModule): readonly CodeName[] {
  const { values, members } = entry.declarations;
  const other = (
    name: string,
    what: CodeName['what'],
    text: string,
    node: Node,
    hint?: string,
  ): CodeName => ({
    name,
    what,
    text,
    place: entry.placeOf(node),
    ...(hint === undefined ? {} : { hint }),
  });
  const hidden = [...values].map(([name, value]) =>
    other(
      name,
      'outside',
      'not exported by the module, and only exported functions are served',
      value.name,
      `add ${name} to the export list`,
    ),
  );
  const parts = [...members].map(([name, { owner, name: node }]) =>
    other(name, 'value', `a part of ${owner}`, node),
  );
  const imported = entry.imports
    .filter(({ hiding }) => !hiding)
    .flatMap(({ module, names }) =>
      [...(names ?? [])].map(([name, node]) =>
        other(
          name,
          'imported',
          `imported from ${module}`,
          node,
          entry.exports === undefined ? undefined : `add ${name} to the export list`,
        ),
      ),
    );
  return [...hidden, ...parts, ...imported].filter(({ name }) => !left.test(name));
}
