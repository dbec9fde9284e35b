import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../../code/source-file.ts';
import { children, type OuterItem } from './syntax.ts';

/** What a module defines at its outer level. */
export interface Declarations {
  /** data, newtype and type by name. */
  readonly types: ReadonlyMap<string, { readonly node: Node; readonly sure: boolean }>;
  /** Functions and values in order of their first mention. */
  readonly values: ReadonlyMap<string, Value>;
  /** Names that the type of that name defines too: its fields, the methods of a class. */
  readonly members: ReadonlyMap<string, { readonly owner: string; readonly name: Node }>;
}

export interface Value {
  /** In its signature, else in its first equation. */
  readonly name: Node;
  /** Undefined where no type is written. */
  readonly type: Node | undefined;
  readonly patterns: readonly Node[];
  /** What is written here is what GHC sees. */
  readonly sure: boolean;
}

export function readDeclarations(items: readonly OuterItem[], source: SourceFile): Declarations {
  const types = new Map<string, { node: Node; sure: boolean }>();
  const values = new Map<string, Value>();
  const members = new Map<string, { owner: string; name: Node }>();
  for (const { node, conditional } of items) {
    const sure = !conditional && !(source.root.hasError && node.hasError);
    const addValue = (name: Node, type: Node | undefined, patterns: readonly Node[] = []) => {
      const known = values.get(name.text);
      values.set(name.text, {
        name: known?.name ?? name,
        type: known?.type ?? type,
        patterns: known === undefined || known.patterns.length === 0 ? patterns : known.patterns,
        sure: sure && (known?.sure ?? true),
      });
    };
    switch (node.type) {
      case 'data_type':
      case 'newtype':
      case 'type_synomym': {
        const owner = node.childForFieldName('name')?.text ?? '';
        types.set(owner, { node, sure: sure && !types.has(owner) });
        for (const name of fieldNames(node)) members.set(name.text, { owner, name });
        break;
      }
      case 'class': {
        const owner = node.childForFieldName('name')?.text ?? '';
        for (const name of node.descendantsOfType('signature').flatMap(signedNames))
          members.set(name.text, { owner, name });
        break;
      }
      case 'foreign_import':
      case 'signature': {
        const signature = node.type === 'signature' ? node : node.childForFieldName('signature');
        const type = signature?.childForFieldName('type') ?? undefined;
        if (signature !== null) for (const name of signedNames(signature)) addValue(name, type);
        break;
      }
      case 'function':
      case 'bind':
        for (const { name, patterns } of boundNames(node)) addValue(name, undefined, patterns);
        break;
      default:
        break;
    }
  }
  return { types, values, members };
}

/** `f` and `g` of `f, g :: Int`; operators are left out. */
function signedNames(signature: Node): readonly Node[] {
  const list = signature.childForFieldName('names');
  const names = list === null ? signature.childrenForFieldName('name') : children(list);
  return names.filter(({ type }) => type === 'variable');
}

function boundNames(equation: Node): readonly { readonly name: Node; readonly patterns: readonly Node[] }[] {
  const name = equation.childForFieldName('name');
  if (name !== null) {
    const patterns = equation.childForFieldName('patterns');
    return name.type === 'variable' ? [{ name, patterns: patterns === null ? [] : children(patterns) }] : [];
  }
  const pattern = equation.childForFieldName('pattern');
  if (pattern !== null)
    return pattern.descendantsOfType('variable').map((bound) => ({ name: bound, patterns: [] }));
  const [infix] = children(equation);
  const operator = infix?.type === 'infix' ? infix.childForFieldName('operator') : null;
  const [written] = operator?.type === 'infix_id' ? children(operator) : [];
  const sides = [infix?.childForFieldName('left_operand'), infix?.childForFieldName('right_operand')];
  return written === undefined ? [] : [{ name: written, patterns: sides.flatMap((side) => side ?? []) }];
}

function fieldNames(definition: Node): readonly Node[] {
  return definition.descendantsOfType('field_name').flatMap(children);
}
