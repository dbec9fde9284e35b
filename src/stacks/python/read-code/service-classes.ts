import type { Node } from 'web-tree-sitter';
import { argumentsOf } from './class-shape.ts';
import type { Scope } from './scope.ts';

const bases = new Set(['nstack.BaseService', 'nstack.Module', 'nstack.Service']);
const neutral = new Set(['builtins.object', 'abc.ABC']);

/** The classes of a module that are services: over nstack.BaseService, and no other service of the module is over them. */
export function serviceClasses(scope: Scope): readonly Node[] {
  const all = scope.bindings.filter(
    ({ kind, name, node }) => kind === 'class' && scope.final(name)?.node.id === node.id,
  );
  const services = all.map(({ node }) => node).filter((node) => ancestors(node, scope).isService);
  const parents = new Set(
    services.flatMap((node) => ancestors(node, scope).classes.slice(0, -1)).map(({ id }) => id),
  );
  return services.filter(({ id }) => !parents.has(id));
}

/** The classes of the file that a class is made of, itself last. `complete`: nothing comes from elsewhere. */
export function ancestors(
  definition: Node,
  scope: Scope,
  seen: ReadonlySet<number> = new Set(),
): { readonly classes: readonly Node[]; readonly isService: boolean; readonly complete: boolean } {
  const classes: Node[] = [];
  let isService = false;
  let complete = true;
  for (const base of argumentsOf(definition).positional.toReversed()) {
    const path = scope.qualify(base) ?? '';
    const binding = base.type === 'identifier' ? scope.final(base.text) : undefined;
    if (bases.has(path)) isService = true;
    else if (binding?.kind === 'class' && !seen.has(binding.node.id)) {
      const inner = ancestors(binding.node, scope, new Set([...seen, definition.id]));
      classes.push(...inner.classes);
      isService ||= inner.isService;
      complete &&= inner.complete;
    } else if (!neutral.has(path)) complete = false;
  }
  return { classes: [...classes, definition], isService, complete };
}
