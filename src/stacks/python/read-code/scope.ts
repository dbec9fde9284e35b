import type { Node } from 'web-tree-sitter';
import { type Binding, readBindings } from './bindings.ts';
import { dottedPath, type PythonFile } from './python-file.ts';

/** The names of one module, found by reading alone. */
export interface Scope {
  /** Every binding of the module, in order. */
  readonly bindings: readonly Binding[];
  /** Modules of `from m import *`. */
  readonly stars: readonly string[];
  all(name: string): readonly Binding[];
  /** The binding that holds when the module is loaded; undefined where there is none, or where it depends on a condition. */
  final(name: string): Binding | undefined;
  /** The dotted name behind an expression such as `t.Optional`, imports followed, in one spelling: `typing.Optional`. */
  qualify(node: Node): string | undefined;
}

/** Reads the bindings of a module. A name that is bound nowhere and is no import qualifies to `builtins.<name>`. */
export function readScope(source: PythonFile): Scope {
  const { bindings, stars } = readBindings(source.root);
  const byName = Map.groupBy(bindings, ({ name }) => name);
  const all = (name: string): readonly Binding[] => byName.get(name) ?? [];
  const final = (name: string): Binding | undefined => {
    const found = all(name);
    const last = found.at(-1);
    return last === undefined || (last.conditional && found.length > 1) ? undefined : last;
  };
  return {
    bindings,
    stars,
    all,
    final,
    qualify(node) {
      const [first, ...rest] = dottedPath(node) ?? [];
      if (first === undefined) return undefined;
      const binding = final(first);
      if (binding?.kind === 'import') return oneSpelling([binding.path, ...rest].join('.'));
      if (all(first).length > 0) return undefined;
      if (stars.includes('nstack') && nstackNames.has(first)) return ['nstack', first, ...rest].join('.');
      if (stars.includes('typing') && /^[A-Z]/.test(first)) return ['typing', first, ...rest].join('.');
      return stars.length > 0 && !commonBuiltins.has(first)
        ? undefined
        : ['builtins', first, ...rest].join('.');
    },
  };
}

const nstackNames = new Set([
  'BaseService',
  'Module',
  'Positioned',
  'Service',
  'vectorised',
  'log',
  'metric',
  'parameters',
]);
const commonBuiltins = new Set('bool bytes dict float int list object set str tuple'.split(' '));

function oneSpelling(path: string): string {
  return path.replace(/^typing_extensions\./, 'typing.').replace(/^collections\.abc\./, 'typing.');
}
