import type { Span } from '../types/index.ts';

/** A workflow text as read: plain, frozen data. Spans are offsets in UTF-16 code units of the text. */
export interface WorkflowTree {
  /** Where the text is from: a path as the user would type it, or a name such as `<workflow>`. */
  readonly file: string;
  readonly text: string;
  readonly statements: readonly Statement[];
  /** Comments after the last statement, with their signs. */
  readonly comments: readonly string[];
}

export type Statement = ImportStatement | TypeStatement | DefinitionStatement;

interface StatementBase {
  readonly span: Span;
  /** Comments before the statement and in it, with their signs, in order. */
  readonly comments: readonly string[];
  /** A comment behind the statement on its last line. */
  readonly remark?: string;
}

/** `import Demo.NumChars:0.1.0 as N` */
export interface ImportStatement extends StatementBase {
  readonly kind: 'import';
  readonly service: string;
  readonly version?: string;
  readonly alias?: string;
}

/** `type Big = { n: Integer }`: the declaration as text, which `src/types` reads. */
export interface TypeStatement extends StatementBase {
  readonly kind: 'type';
  readonly declaration: TypeText;
}

/** `def name = ...`, or a workflow without a name. */
export interface DefinitionStatement extends StatementBase {
  readonly kind: 'definition';
  readonly name?: string;
  readonly pipeline: Pipeline;
}

/** Elements that each give to the next. */
export interface Pipeline {
  readonly elements: readonly Element[];
}

export type Element = Reference | Path | Group;

interface ElementBase {
  /** Without the words `concat` and `filter` in front of it or behind a further arrow. */
  readonly span: Span;
  /** `<Text>` */
  readonly type?: TypeText;
  /** `{ threshold = 15 }` */
  readonly bindings: readonly Binding[];
  /** `*` and `?` behind it, in the order in which they work. */
  readonly postfixes: readonly Postfix[];
}

/** `*` (concat) unpacks lists, `?` (filter) drops missing optionals. */
export interface Postfix {
  readonly kind: 'concat' | 'filter';
  readonly span: Span;
}

/** `Clean`, `Demo.NumChars:0.1.0.numChars`, `stdin`, `Sources.file`, or a part's name. */
export interface Reference extends ElementBase {
  readonly kind: 'reference';
  /** Dotted. */
  readonly name: string;
  readonly version?: string;
  /** The function, where it follows a version; without a version it is the last part of `name`. */
  readonly member?: string;
}

/** `file/flights.parquet`: a connector with its main parameter, or the service of an organisation. */
export interface Path extends ElementBase {
  readonly kind: 'path';
  readonly system: string;
  readonly path: string;
}

/** `(a -> b) { x = 1 }`: parameters for all that is inside. `(a & b)`: branches, which each take every message, and whose results all go on. */
export interface Group extends ElementBase {
  readonly kind: 'group';
  /** At least one. */
  readonly branches: readonly Pipeline[];
}

/** A type in words of the type language, without comments, and blanks in it made single. */
export interface TypeText {
  readonly text: string;
  readonly span: Span;
}

export interface Binding {
  readonly name: string;
  readonly value: Value;
  readonly span: Span;
}

export type Value = { readonly span: Span } & (
  | { readonly kind: 'text'; readonly text: string }
  /** As written, so that no digit is lost. */
  | { readonly kind: 'number'; readonly text: string }
  | { readonly kind: 'boolean'; readonly value: boolean }
  | { readonly kind: 'null' }
  | { readonly kind: 'list'; readonly items: readonly Value[] }
  | { readonly kind: 'record'; readonly fields: readonly Binding[] }
);
