import * as fc from 'fast-check';
import type {
  Binding,
  Element,
  Pipeline,
  Postfix,
  Statement,
  Value,
  WorkflowTree,
} from '../../src/workflow/index.ts';

const span = { start: 0, end: 0 };

const part = fc.stringMatching(/^[A-Za-z_][A-Za-z0-9_]{0,5}(-[A-Za-z0-9_]{1,3}){0,2}$/);
/** Words that begin a statement or a value, so that they are no names everywhere. */
const taken = new Set(['def', 'import', 'type', 'as', 'true', 'false', 'null', 'concat', 'filter']);
const word = part.filter((text) => !taken.has(text));
const dotted = fc.array(word, { minLength: 1, maxLength: 3 }).map((parts) => parts.join('.'));
const version = fc.stringMatching(
  /^(0|[1-9][0-9]?)\.(0|[1-9][0-9]?)\.(0|[1-9])(-SNAPSHOT|-rc\.[1-9]|-beta)?$/,
);
const text = fc.string({ unit: 'grapheme' }).filter((each) => each.isWellFormed());
const number = fc.oneof(
  fc.integer().map(String),
  fc.stringMatching(/^-?(0|[1-9][0-9]{0,20})\.[0-9]{1,5}([eE][+-]?[0-9]{1,2})?$/),
);
const typeText = fc
  .constantFrom('Text', '[Integer]', '{ a: Text, "b c>": Map Double }', '(Text, optional Json)')
  .map((each) => ({ text: each, span }));

const { value } = fc.letrec<{ value: Value; binding: Binding }>((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    text.map((each): Value => ({ kind: 'text', text: each, span })),
    number.map((each): Value => ({ kind: 'number', text: each, span })),
    fc.boolean().map((each): Value => ({ kind: 'boolean', value: each, span })),
    fc.constant<Value>({ kind: 'null', span }),
    fc.array(tie('value'), { maxLength: 3 }).map((items): Value => ({ kind: 'list', items, span })),
    fc
      .uniqueArray(tie('binding'), { maxLength: 3, selector: ({ name }) => name })
      .map((fields): Value => ({ kind: 'record', fields, span })),
  ),
  binding: fc.record({ name: fc.oneof(word, text), value: tie('value'), span: fc.constant(span) }),
}));
const binding: fc.Arbitrary<Binding> = fc.record({ name: word, value, span: fc.constant(span) });
const bindings = fc.uniqueArray(binding, { maxLength: 3, selector: ({ name }) => name });
const postfix = fc.constantFrom('concat', 'filter').map((kind): Postfix => ({ kind, span }));
const postfixes = fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(postfix, { maxLength: 3 }));
const base = { bindings, postfixes, span: fc.constant(span) };

const { pipeline } = fc.letrec<{ element: Element; pipeline: Pipeline }>((tie) => ({
  element: fc.oneof(
    { depthSize: 'small' },
    fc.record(
      { kind: fc.constant('reference' as const), name: dotted, type: typeText, ...base },
      { requiredKeys: ['kind', 'name', 'bindings', 'postfixes', 'span'] },
    ),
    fc.record({ kind: fc.constant('reference' as const), name: dotted, version, ...base }),
    fc.record({
      kind: fc.constant('reference' as const),
      name: dotted,
      version: version.filter((each) => !/[a-z]/.test(each)),
      member: word,
      ...base,
    }),
    fc.record(
      { kind: fc.constant('path' as const), system: word, path: text, type: typeText, ...base },
      { requiredKeys: ['kind', 'system', 'path', 'bindings', 'postfixes', 'span'] },
    ),
    fc.record({
      kind: fc.constant('group' as const),
      branches: fc.array(tie('pipeline'), { minLength: 1, maxLength: 3, depthIdentifier: 'group' }),
      ...base,
    }),
  ),
  pipeline: fc.array(tie('element'), { minLength: 1, maxLength: 4 }).map((elements) => ({ elements })),
}));

const remark = fc.stringMatching(/^\/\/ [a-z "->{]{0,10}[a-z]$/);
const comments = fc.array(fc.oneof(remark, fc.constantFrom('/* a */', '/* two\n   lines */')), {
  maxLength: 2,
});
const notes = { comments, remark, span: fc.constant(span) };
const statement: fc.Arbitrary<Statement> = fc.oneof(
  fc.record(
    { kind: fc.constant('import' as const), service: dotted, version, alias: word, ...notes },
    { requiredKeys: ['kind', 'service', 'comments', 'span'] },
  ),
  fc.record(
    {
      kind: fc.constant('type' as const),
      declaration: fc.constant({ text: 'type Big = { n: Integer }', span }),
      ...notes,
    },
    { requiredKeys: ['kind', 'declaration', 'comments', 'span'] },
  ),
  fc.record(
    { kind: fc.constant('definition' as const), name: word, pipeline, ...notes },
    { requiredKeys: ['kind', 'name', 'pipeline', 'comments', 'span'] },
  ),
);

/** Trees of any shape that a text can have; all spans are empty. */
export const workflowTrees: fc.Arbitrary<WorkflowTree> = fc.record({
  file: fc.constant('<workflow>'),
  text: fc.constant(''),
  statements: fc.array(statement, { maxLength: 4 }),
  comments,
});

/** A tree without what depends on how it was written. */
export function withoutSpans(tree: WorkflowTree): unknown {
  return JSON.parse(
    JSON.stringify({ ...tree, text: '' }, (key, each: unknown) => (key === 'span' ? undefined : each)),
  );
}
