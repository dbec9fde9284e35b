/** A type of the API type language (DESIGN "The type language"), resolved: names hold their target. Plain, frozen data. */
export type Type =
  | { readonly kind: ScalarKind }
  | { readonly kind: 'list'; readonly item: Type }
  | { readonly kind: 'optional'; readonly item: Type }
  | { readonly kind: 'map'; readonly item: Type }
  | { readonly kind: 'tuple'; readonly items: readonly Type[] }
  | { readonly kind: 'record'; readonly fields: readonly Field[] }
  | { readonly kind: 'sum'; readonly cases: readonly Case[] }
  /** A use of a declared name. Types never refer to themselves, so `target` is a finite tree. */
  | { readonly kind: 'named'; readonly name: string; readonly target: Type };

/** `unit` is written `()`; `void` has no value and stands only as a whole input (a source) or output (a sink). */
export type ScalarKind =
  | 'integer'
  | 'double'
  | 'boolean'
  | 'text'
  | 'bytes'
  | 'timestamp'
  | 'json'
  | 'unit'
  | 'void';

export interface Field {
  readonly name: string;
  readonly type: Type;
}

/** One case of a sum. JSON: `{"Name": <type>}`; a case without a payload has the type `()`. */
export interface Case {
  readonly name: string;
  readonly type: Type;
}

/** One line of an API. A function of two arguments has a tuple as its input; one of none has `()`. */
export interface FunctionType {
  readonly name: string;
  readonly input: Type;
  readonly output: Type;
}

export interface Api {
  /** Declared types in order of declaration. */
  readonly types: readonly { readonly name: string; readonly type: Type }[];
  readonly functions: readonly FunctionType[];
}
