import type { Node } from 'web-tree-sitter';
import type { HaskellModule } from './haskell-module.ts';
import type { Import } from './module-head.ts';
import type { OwnModules } from './own-modules.ts';
import { isListedWhole, type TypeWord, typeWords } from './type-words.ts';

/** What the name of a type means where it is written. */
export type Meaning =
  | { readonly kind: 'own'; readonly name: string; readonly node: Node; readonly module: HaskellModule }
  | { readonly kind: 'word'; readonly word: TypeWord }
  /** Of a library, or in a part that cannot be read. */
  | { readonly kind: 'unknown' }
  /** Neither defined nor imported. */
  | { readonly kind: 'nothing' };

const unknown: Meaning = { kind: 'unknown' };
const nothing: Meaning = { kind: 'nothing' };

/**
 * Looks a type up. A name that two modules give out is an error of GHC's where they are not the same, so the first that is known is the one.
 *
 * @param behind `T` of `T.Text`.
 */
export function resolveType(
  name: string,
  behind: string | undefined,
  module: HaskellModule,
  own: OwnModules,
): Meaning {
  return inScope(name, behind, module, own, new Set());
}

function inScope(
  name: string,
  behind: string | undefined,
  module: HaskellModule,
  own: OwnModules,
  seen: ReadonlySet<string>,
): Meaning {
  const defined = behind === undefined || behind === module.name ? definedIn(name, module) : undefined;
  if (defined !== undefined) return defined;
  const from = module.imports.filter(({ alias, qualified }) =>
    behind === undefined ? !qualified : alias === behind,
  );
  return firstKnown(
    from.map((one) => imported(name, one, own, seen)),
    module.whole,
  );
}

function definedIn(name: string, module: HaskellModule): Meaning | undefined {
  const found = module.declarations.types.get(name);
  if (found === undefined) return undefined;
  return found.sure ? { kind: 'own', name, node: found.node, module } : unknown;
}

function imported(name: string, from: Import, own: OwnModules, seen: ReadonlySet<string>): Meaning {
  const listed = from.names?.has(name);
  if (listed !== undefined && listed === from.hiding) return nothing;
  const module = own.find(from.module);
  if (module !== undefined) return givenOut(name, module, own, seen);
  const word = typeWords[from.module]?.[name];
  if (word !== undefined) return { kind: 'word', word };
  return isListedWhole(from.module) ? nothing : unknown;
}

/** What a module's export list gives out under a name. */
function givenOut(name: string, module: HaskellModule, own: OwnModules, seen: ReadonlySet<string>): Meaning {
  if (seen.has(module.name)) return nothing;
  const inside = new Set([...seen, module.name]);
  const { exports } = module;
  if (exports === undefined) return definedIn(name, module) ?? (module.whole ? nothing : unknown);
  if (exports.types.has(name)) {
    const found = inScope(name, undefined, module, own, inside);
    return found.kind === 'nothing' ? unknown : found;
  }
  const through = [...exports.modules.keys()].map((alias) => {
    if (alias === module.name) return definedIn(name, module) ?? nothing;
    const from = module.imports.filter((one) => one.alias === alias && !one.qualified);
    return firstKnown(
      from.map((one) => imported(name, one, own, inside)),
      true,
    );
  });
  return firstKnown(through, module.whole);
}

function firstKnown(found: readonly Meaning[], whole: boolean): Meaning {
  const known = found.find(({ kind }) => kind === 'own' || kind === 'word');
  return known ?? (found.some(({ kind }) => kind === 'unknown') || !whole ? unknown : nothing);
}
