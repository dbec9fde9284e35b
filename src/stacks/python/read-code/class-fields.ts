import type { Node } from 'web-tree-sitter';
import type { CodeField } from '../../stack.ts';
import { subscriptParts } from './hint-syntax.ts';
import { children } from './python-file.ts';
import type { Scope } from './scope.ts';
import type { ClassContext, Family } from './shapes.ts';

type Presence = CodeField['presence'];

/** The fields that a class body itself states; undefined where they depend on more than the body says. */
export function readFields(
  definition: Node,
  family: Family,
  total: boolean,
  context: ClassContext,
): readonly CodeField[] | undefined {
  const fields: CodeField[] = [];
  for (const statement of children(definition.childForFieldName('body') ?? definition)) {
    if (/^(if|try|for|while|with|match)_statement$/.test(statement.type)) return undefined;
    const [assignment] = statement.type === 'expression_statement' ? children(statement) : [];
    const left = assignment?.childForFieldName('left');
    const hint = assignment?.type === 'assignment' ? assignment.childForFieldName('type') : undefined;
    if (assignment === undefined || left?.type !== 'identifier' || hint === undefined || hint === null)
      continue;
    const wrapper = wrapperOf(hint, context.scope);
    if (wrapper === 'typing.ClassVar' || wrapper === 'dataclasses.KW_ONLY') continue;
    if (wrapper === 'dataclasses.InitVar') return undefined;
    const presence = presenceOf(assignment.childForFieldName('right'), context.scope);
    if (presence === undefined) return undefined;
    fields.push({
      name: left.text,
      type: context.reader.read(hint),
      presence: family === 'typed-dict' ? keyPresence(wrapper, total) : presence,
      place: context.source.placeOf(left),
    });
  }
  return fields;
}

/** The dotted name of a hint's outermost word: `typing.ClassVar` of `ClassVar[int]`. */
function wrapperOf(hint: Node, scope: Scope): string | undefined {
  const inner = hint.type === 'type' ? children(hint)[0] : hint;
  const subscripted = inner?.type === 'generic_type' || inner?.type === 'subscript';
  const name = inner !== undefined && subscripted ? subscriptParts(inner)[0] : inner;
  return name === undefined ? undefined : scope.qualify(name);
}

function keyPresence(wrapper: string | undefined, total: boolean): Presence {
  if (wrapper === 'typing.NotRequired') return 'absent';
  return total || wrapper === 'typing.Required' ? 'required' : 'absent';
}

/** Undefined where a field is renamed. */
function presenceOf(value: Node | null, scope: Scope): Presence | undefined {
  if (value === null) return 'required';
  const called = value.type === 'call' ? value.childForFieldName('function') : null;
  const path = called === null ? undefined : scope.qualify(called);
  if (path !== 'dataclasses.field' && path !== 'msgspec.field') return 'default';
  const given = children(value.childForFieldName('arguments') ?? value).map(
    (argument) => argument.childForFieldName('name')?.text,
  );
  if (given.includes('name')) return undefined;
  return given.some((key) => key === 'default' || key === 'default_factory' || key === 'init')
    ? 'default'
    : 'required';
}
