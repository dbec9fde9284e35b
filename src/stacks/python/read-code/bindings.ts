import type { Node } from 'web-tree-sitter';
import { children } from './python-file.ts';

/** What a name of the module stands for. `conditional`: bound inside an `if`, `try`, `for`, `with` or `match`. */
export type Binding = { readonly name: string; readonly node: Node; readonly conditional: boolean } & (
  | { readonly kind: 'import'; readonly path: string }
  | { readonly kind: 'class' }
  | { readonly kind: 'function' }
  /** `X = value`, `X: hint = value` or `type X = value`. */
  | { readonly kind: 'assigned'; readonly value: Node | undefined }
  | { readonly kind: 'other' }
);

/** Every name that a module binds at its outer level, in order, and the modules of its `from m import *`. */
export function readBindings(root: Node): {
  readonly bindings: readonly Binding[];
  readonly stars: readonly string[];
} {
  const bindings: Binding[] = [];
  const stars: string[] = [];
  collect(root, false, bindings, stars);
  return { bindings, stars };
}

function collect(block: Node, conditional: boolean, bindings: Binding[], stars: string[]): void {
  for (const statement of children(block)) {
    const bind = (name: string, rest: { kind: 'class' | 'function' | 'other' }, node: Node = statement) =>
      bindings.push({ name, node, conditional, ...rest });
    switch (statement.type) {
      case 'import_statement':
        for (const [name, path] of importedModules(statement))
          bindings.push({ name, node: statement, conditional, kind: 'import', path });
        break;
      case 'import_from_statement':
        readImportFrom(statement, conditional, bindings, stars);
        break;
      case 'class_definition':
      case 'function_definition':
        bind(nameOf(statement), { kind: statement.type === 'class_definition' ? 'class' : 'function' });
        break;
      case 'decorated_definition': {
        const definition = statement.childForFieldName('definition');
        if (definition !== null) {
          bind(
            nameOf(definition),
            { kind: definition.type === 'class_definition' ? 'class' : 'function' },
            definition,
          );
        }
        break;
      }
      case 'expression_statement':
      case 'type_alias_statement':
        readAssignment(statement, conditional, bindings);
        break;
      case 'if_statement':
      case 'elif_clause':
      case 'else_clause':
      case 'try_statement':
      case 'except_clause':
      case 'finally_clause':
      case 'for_statement':
      case 'while_statement':
      case 'with_statement':
      case 'match_statement':
      case 'case_clause':
      case 'block':
        for (const name of boundBy(statement)) bind(name, { kind: 'other' });
        collect(statement, true, bindings, stars);
        break;
      default:
        break;
    }
  }
}

function nameOf(definition: Node): string {
  return definition.childForFieldName('name')?.text ?? '';
}

/** `import a.b` binds `a`; `import a.b as c` binds `c` to `a.b`. */
function importedModules(statement: Node): readonly (readonly [string, string])[] {
  return statement.childrenForFieldName('name').map((entry) => {
    if (entry.type === 'aliased_import') {
      return [entry.childForFieldName('alias')?.text ?? '', entry.childForFieldName('name')?.text ?? ''];
    }
    const [first = ''] = entry.text.split('.');
    return [first, first];
  });
}

function readImportFrom(statement: Node, conditional: boolean, bindings: Binding[], stars: string[]): void {
  const module = statement.childForFieldName('module_name')?.text ?? '';
  if (children(statement).some(({ type }) => type === 'wildcard_import')) stars.push(module);
  for (const entry of statement.childrenForFieldName('name')) {
    const aliased = entry.type === 'aliased_import';
    const imported = (aliased ? entry.childForFieldName('name') : entry)?.text ?? '';
    const name = (aliased ? entry.childForFieldName('alias')?.text : undefined) ?? imported;
    bindings.push({ name, node: statement, conditional, kind: 'import', path: `${module}.${imported}` });
  }
}

function readAssignment(statement: Node, conditional: boolean, bindings: Binding[]): void {
  const assignment = statement.type === 'type_alias_statement' ? statement : children(statement)[0];
  if (assignment === undefined || !/^(assignment|type_alias_statement)$/.test(assignment.type)) return;
  const left = assignment.childForFieldName('left');
  const value = assignment.childForFieldName('right') ?? undefined;
  const target = left?.type === 'type' ? children(left)[0] : left;
  if (target === null || target === undefined) return;
  if (target.type === 'identifier') {
    bindings.push({ name: target.text, node: statement, conditional, kind: 'assigned', value });
    return;
  }
  for (const name of identifiers(target))
    bindings.push({ name, node: statement, conditional, kind: 'other' });
}

function boundBy(statement: Node): readonly string[] {
  if (statement.type === 'for_statement') {
    const left = statement.childForFieldName('left');
    return left === null ? [] : identifiers(left);
  }
  if (statement.type !== 'with_statement') return [];
  return statement.descendantsOfType('as_pattern_target').flatMap((target) => identifiers(target));
}

function identifiers(pattern: Node): readonly string[] {
  if (pattern.type === 'identifier') return [pattern.text];
  if (pattern.type === 'attribute' || pattern.type === 'subscript') return [];
  return pattern.descendantsOfType('identifier').map(({ text }) => text);
}
