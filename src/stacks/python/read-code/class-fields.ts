import type { Node } from 'web-tree-sitter';
import type { CodeField, CodeType } from '../../stack.ts';
import { subscriptParts } from './hint-syntax.ts';
import { children } from './python-file.ts';
import type { Scope } from './scope.ts';
import type { ClassContext, Family } from './shapes.ts';

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
    const value = readDefault(assignment.childForFieldName('right'), context.scope);
    if (value === 'renamed') return undefined;
    const type = context.reader.read(hint);
    const mayBeAbsent =
      family === 'typed-dict' &&
      (wrapper === 'typing.NotRequired' || (!total && wrapper !== 'typing.Required'));
    fields.push({
      name: left.text,
      type: mayBeAbsent ? optional(type) : type,
      hasDefault: family !== 'typed-dict' && value === 'default',
      place: context.source.placeOf(left),
    });
  }
  return fields;
}

/** A key that may be left out is read as one that may be null too. */
function optional(type: CodeType): CodeType {
  const asItIs = type.kind === 'optional' || type.kind === 'unknown' || type.kind === 'unsupported';
  if (asItIs || (type.kind === 'open' && type.shape === 'any')) return type;
  return { kind: 'optional', item: type, text: type.kind === 'unstated' ? '' : type.text };
}

/** The dotted name of a hint's outermost word: `typing.ClassVar` of `ClassVar[int]`. */
function wrapperOf(hint: Node, scope: Scope): string | undefined {
  const inner = hint.type === 'type' ? children(hint)[0] : hint;
  const subscripted = inner?.type === 'generic_type' || inner?.type === 'subscript';
  const name = inner !== undefined && subscripted ? subscriptParts(inner)[0] : inner;
  return name === undefined ? undefined : scope.qualify(name);
}

function readDefault(value: Node | null, scope: Scope): 'none' | 'default' | 'renamed' {
  if (value === null) return 'none';
  const called = value.type === 'call' ? value.childForFieldName('function') : null;
  const path = called === null ? undefined : scope.qualify(called);
  if (path !== 'dataclasses.field' && path !== 'msgspec.field') return 'default';
  const given = children(value.childForFieldName('arguments') ?? value).map(
    (argument) => argument.childForFieldName('name')?.text,
  );
  if (given.includes('name')) return 'renamed';
  return given.some((key) => key === 'default' || key === 'default_factory' || key === 'init')
    ? 'default'
    : 'none';
}
