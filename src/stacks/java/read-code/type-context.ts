import type { Node } from 'web-tree-sitter';
import type { CodeType } from '../../stack.ts';
import type { Declaration } from './declarations.ts';
import type { Where } from './names.ts';

/** Where a type is written, and what the type variables there stand for. */
export interface TypeContext extends Where {
  readonly variables: ReadonlyMap<string, CodeType>;
}

/** Reads written types. */
export interface TypeReader {
  read(type: Node, context: TypeContext): CodeType;
  /** The type of something declared: its type, the dimensions behind its name (`int x[]`), and whether it may be null. */
  readDeclared(declaration: Node, type: Node, context: TypeContext, dimensions?: number): CodeType;
  /** What the type variables of a generic class stand for where it is written as `type`. */
  variablesOf(type: Node, declaration: Declaration, context: TypeContext): ReadonlyMap<string, CodeType>;
}
