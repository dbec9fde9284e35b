import type { Node } from 'web-tree-sitter';
import type { SourceFile } from '../../code/source-file.ts';
import { children } from './nodes.ts';

/** One parsed Java file, and what its head says. */
export interface JavaFile extends SourceFile {
  readonly text: string;
  /** `com.acme`; empty where there is no package line. */
  readonly packageName: string;
  readonly imports: Imports;
  /** Its outermost classes, records, interfaces and enums, in order. */
  readonly types: readonly Declaration[];
}

export interface Imports {
  /** Full names by the simple names that they are used as: `List` for `java.util.List`. */
  readonly single: ReadonlyMap<string, string>;
  /** Packages and classes of `import a.b.*`. */
  readonly stars: readonly string[];
  /** Modules of `import module a.b`, whose packages cannot be seen here. */
  readonly modules: readonly string[];
}

/** A class, record, interface, enum or annotation of the author's, where it is declared. */
export interface Declaration {
  readonly kind: 'class' | 'record' | 'interface' | 'enum' | 'annotation';
  readonly name: string;
  readonly node: Node;
  readonly nameNode: Node;
  readonly file: JavaFile;
  /** The declaration that it stands in. */
  readonly outer: Declaration | undefined;
  /** Those that stand in it. */
  readonly nested: readonly Declaration[];
}

const kinds: Readonly<Record<string, Declaration['kind']>> = {
  class_declaration: 'class',
  record_declaration: 'record',
  interface_declaration: 'interface',
  enum_declaration: 'enum',
  annotation_type_declaration: 'annotation',
};

/** The declarations that stand directly in a file or in a body, with those in them. */
export function declarationsIn(
  block: Node,
  file: JavaFile,
  outer: Declaration | undefined,
): readonly Declaration[] {
  return children(block).flatMap((node) => {
    const kind = kinds[node.type];
    const nameNode = node.childForFieldName('name');
    if (kind === undefined || nameNode === null) return [];
    const nested: Declaration[] = [];
    const declaration: Declaration = { kind, name: nameNode.text, node, nameNode, file, outer, nested };
    for (const body of bodiesOf(node)) nested.push(...declarationsIn(body, file, declaration));
    return [declaration];
  });
}

/** Fields, methods, constructors and types of a declaration, in order. */
export function membersOf({ node }: Declaration): readonly Node[] {
  return bodiesOf(node).flatMap(children);
}

/** The members of an enum stand in a body of their own, behind its constants. */
function bodiesOf(node: Node): readonly Node[] {
  const body = node.childForFieldName('body');
  if (body === null) return [];
  return [body, ...children(body).filter(({ type }) => type === 'enum_body_declarations')];
}

/** As a sentence goes on after "is": `a record`, `an enum`. */
export function kindOf({ kind }: Declaration): string {
  return `${/^[aei]/.test(kind) ? 'an' : 'a'} ${kind}`;
}
