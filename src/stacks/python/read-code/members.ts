import type { Node } from 'web-tree-sitter';
import type { CodeFault, CodeFunction, CodeName } from '../../stack.ts';
import type { Binding } from './bindings.ts';
import { type FunctionContext, readFunction, type Standing } from './functions.ts';
import { textOf } from './hint-syntax.ts';
import { decoratorsOf } from './python-file.ts';

/** Decorators that leave a function the function that is written. */
const transparent = new Set(['nstack.vectorised', 'typing.final', 'typing.override', 'typing.no_type_check']);

/** What one name of a module or class is once it is loaded; undefined for what is there for type checkers alone. */
export function readMember(
  bindings: readonly Binding[],
  standing: 'function' | 'method',
  context: FunctionContext,
): CodeFunction | CodeName | undefined {
  const { scope, source } = context;
  const real = bindings.filter(
    (binding) => !isAnnotation(binding) && !hasDecorator(binding.node, 'typing.overload'),
  );
  const last = real.at(-1);
  if (last === undefined) return undefined;
  const { name } = last;
  const nameNode = last.node.childForFieldName('name') ?? last.node;
  const other = (what: CodeName['what'], text: string): CodeName => ({
    name,
    what,
    text,
    place: source.placeOf(nameNode),
  });
  if (last.conditional && real.length > 1) return other('unknown', 'defined in more than one way');
  switch (last.kind) {
    case 'import':
      return other('imported', `imported from ${last.path.replace(/\.[^.]*$/, '') || last.path}`);
    case 'class':
      return other('class', 'a class');
    case 'assigned':
      return isLiteral(last.value) ? other('value', 'a value') : other('unknown', 'computed');
    case 'other':
      return other('unknown', 'computed');
    case 'function':
      return readDefinition(last, real);
    default:
      return last satisfies never;
  }

  function hasDecorator(node: Node, path: string): boolean {
    return decoratorsOf(node).some((decorator) => scope.qualify(decorator) === path);
  }

  function readDefinition(binding: Binding, all: readonly Binding[]): CodeFunction | CodeName {
    let called: Standing = standing;
    for (const decorator of decoratorsOf(binding.node)) {
      const path = scope.qualify(decorator) ?? '';
      if (standing === 'method' && path === 'builtins.staticmethod') called = 'function';
      else if (standing === 'method' && path === 'builtins.classmethod') called = 'class-method';
      else if (/^(builtins\.property|functools\.cached_property)$/.test(path))
        return other('value', 'a property');
      else if (!transparent.has(path))
        return other('unknown', `behind @${textOf(decorator)}, which may change it`);
    }
    const read = readFunction(binding.node, called, context);
    const replaced = all.slice(0, -1).filter(({ kind }) => kind === 'function');
    if (replaced.length === 0) return read;
    return { ...read, faults: [...(read.faults ?? []), duplicate(replaced)] };
  }

  function duplicate(replaced: readonly Binding[]): CodeFault {
    const lines = replaced.map(({ node }) => node.startPosition.row + 1).join(', ');
    return {
      code: 'defined-twice',
      severity: 'warning',
      text: `replaces the definition of ${name} in line ${lines}`,
      hint: 'the later definition wins; delete or rename the other',
    };
  }
}

/** `x: int` without a value binds nothing. */
function isAnnotation(binding: Binding): boolean {
  return binding.kind === 'assigned' && binding.value === undefined;
}

function isLiteral(value: Node | undefined): boolean {
  return /^(integer|float|string|concatenated_string|true|false|none|list|tuple|dictionary|set|unary_operator)$/.test(
    value?.type ?? '',
  );
}
