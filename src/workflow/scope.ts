import { lineOf, nearestWord } from '../core/index.ts';
import { type Api, type Findings, parseApi } from '../types/index.ts';
import { blankComments } from './comments.ts';
import type { DefinitionStatement, Element, ImportStatement, Pipeline, WorkflowTree } from './syntax-tree.ts';

/** What the names of a workflow text mean. */
export interface Scope {
  /** By alias, or by the service's own name where there is none. */
  readonly imports: ReadonlyMap<string, ImportStatement>;
  readonly types: Api['types'];
  readonly definitions: ReadonlyMap<string, DefinitionStatement>;
}

/** The names that a text declares; one that is declared twice is reported. */
export function readScope(tree: WorkflowTree, findings: Findings): Scope {
  const imports = new Map<string, ImportStatement>();
  const definitions = new Map<string, DefinitionStatement>();
  for (const statement of tree.statements) {
    if (statement.kind === 'type') continue;
    const name = statement.kind === 'import' ? (statement.alias ?? statement.service) : statement.name;
    if (name === undefined) continue;
    const first = imports.get(name) ?? definitions.get(name);
    if (first !== undefined) {
      findings.error('duplicate-name', statement.span, `${name} is declared twice`, { first: first.span });
    } else if (statement.kind === 'import') imports.set(name, statement);
    else definitions.set(name, statement);
  }
  return { imports, definitions, types: readTypes(tree, findings) };
}

/** The declared types. Everything else is blanked, so that the reader of types sees the places of the whole text. */
function readTypes(tree: WorkflowTree, findings: Findings): Api['types'] {
  const spans = tree.statements.flatMap((statement) => (statement.kind === 'type' ? [statement.span] : []));
  if (spans.length === 0) return [];
  const { blanked } = blankComments(tree.text, findings);
  let text = '';
  for (const { start, end } of spans) {
    text += blanked.slice(text.length, start).replaceAll(/[^\n]/g, ' ') + blanked.slice(start, end);
  }
  const { api, diagnostics } = parseApi(text, {
    file: tree.file,
    line: 1,
    column: 0,
    indent: 0,
    sourceLine: (number) => lineOf(tree.text, number),
  });
  findings.diagnostics.push(...diagnostics);
  return api?.types ?? [];
}

/**
 * The definition that is meant: the one of that name, else the only one that no other uses. Undefined where there is none or there are
 * several, which is reported.
 */
export function chooseDefinition(
  tree: WorkflowTree,
  scope: Scope,
  name: string | undefined,
  findings: Findings,
): DefinitionStatement | undefined {
  const start = { start: 0, end: 1 };
  if (name !== undefined) {
    const found = scope.definitions.get(name);
    if (found !== undefined) return found;
    const nearest = nearestWord(name, scope.definitions.keys());
    const hint = nearest === undefined ? undefined : `did you mean "${nearest}"?`;
    findings.error('unknown-workflow', start, `there is no workflow ${name} here`, { hint });
    return undefined;
  }
  const all = tree.statements.filter((statement) => statement.kind === 'definition');
  const used = new Set(all.flatMap(({ pipeline }) => [...namesIn(pipeline)]));
  const whole = all.filter((definition) => definition.name === undefined || !used.has(definition.name));
  const [first, second] = whole;
  if (first !== undefined && second === undefined) return first;
  if (second !== undefined) {
    const names = whole.map((definition) => definition.name ?? 'one without a name').join(', ');
    findings.error('several-workflows', second.span, `the text has several workflows: ${names}`, {
      hint: 'say which one is meant',
    });
  } else {
    const message =
      all.length === 0 ? 'the text has no workflow' : 'every workflow here is a part of another';
    findings.error('no-workflow', start, message, {
      hint: 'a workflow is a line such as file/in.ndjson -> Clean -> file/out.ndjson',
    });
  }
  return undefined;
}

function* namesIn({ elements }: Pipeline): Generator<string> {
  for (const element of elements) yield* namesOf(element);
}

function* namesOf(element: Element): Generator<string> {
  if (element.kind === 'group') for (const branch of element.branches) yield* namesIn(branch);
  else if (element.kind === 'reference') yield element.name;
}
