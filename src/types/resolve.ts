import { builtinNames, foreignNames, scalarNames } from './builtin-names.ts';
import { listOf, mapOf, named, optionalOf, recordOf, scalar, sumOf, tupleOf } from './make-type.ts';
import { nullIn } from './null-in.ts';
import { deepestType } from './read-syntax.ts';
import type { FieldSyntax, Syntax, Word } from './syntax.ts';
import type { Findings } from './text-origin.ts';
import type { Case, Type } from './type.ts';
import { unknownTypeHint } from './unknown-type-hint.ts';

/** A resolved type with what the limits are about. `size` counts its parts with every name replaced by what it stands for. */
export interface Resolved {
  readonly type: Type;
  readonly depth: number;
  readonly size: number;
}

/** A declared type may be known to exist and yet have no meaning, because of a fault that was reported. */
export type Scope = ReadonlyMap<string, Resolved | undefined>;

/** More parts than this are refused: names used twice at each of 64 levels would otherwise stand for 2^64 of them. */
export const mostParts = 10_000;

/** What a declaration `type Name = body` stands for; undefined where something in it was reported. */
export function resolveDeclaration(
  name: Word,
  body: Syntax,
  scope: Scope,
  findings: Findings,
): Resolved | undefined {
  const cases = body.kind === 'sum' ? body.cases : body.kind === 'applied' ? [body] : undefined;
  const resolver = new Resolver(scope, findings);
  const target = cases === undefined ? resolver.type(body) : resolver.sum(cases, body);
  if (target === undefined) return undefined;
  return { type: named(name.text, target.type), depth: target.depth, size: target.size };
}

/** What a type that is not a declaration's own body stands for; `whole`: it is an input or output, where `Void` may stand. */
export function resolveType(
  syntax: Syntax,
  scope: Scope,
  findings: Findings,
  whole: boolean,
): Resolved | undefined {
  if (whole && syntax.kind === 'name' && syntax.name === 'Void')
    return { type: scalar('void'), depth: 1, size: 1 };
  return new Resolver(scope, findings).type(syntax);
}

class Resolver {
  readonly #scope: Scope;
  readonly #findings: Findings;

  constructor(scope: Scope, findings: Findings) {
    this.#scope = scope;
    this.#findings = findings;
  }

  type(syntax: Syntax): Resolved | undefined {
    switch (syntax.kind) {
      case 'name':
        return this.#name(syntax.name, syntax);
      case 'unit':
        return { type: scalar('unit'), depth: 1, size: 1 };
      case 'list':
        return this.#list(syntax, syntax.item);
      case 'map':
        return this.#around(syntax, [this.type(syntax.item)], ([item]) => item && mapOf(item));
      case 'optional':
        return this.#optional(syntax, syntax.item);
      case 'tuple':
        return this.#around(
          syntax,
          syntax.items.map((item) => this.type(item)),
          tupleOf,
        );
      case 'record':
        return this.#record(syntax);
      case 'sum':
        return this.#unnamedSum(syntax);
      case 'applied':
        return this.#applied(syntax);
      case 'error':
        return undefined;
      default:
        return syntax satisfies never;
    }
  }

  sum(cases: readonly Syntax[], whole: Syntax): Resolved | undefined {
    const parts = cases.map((syntax) => this.#case(syntax));
    this.#unique(
      parts.flatMap((part) => part?.name ?? []),
      'case',
    );
    if (parts.includes(undefined)) return undefined;
    const known = parts.filter((part) => part !== undefined);
    return this.#around(
      whole,
      known.map(({ payload }) => payload),
      (types) => sumOf(types.map((type, index): Case => ({ name: known[index]?.name.text ?? '', type }))),
    );
  }

  #name(name: string, at: Syntax): Resolved | undefined {
    if (name === 'Void') {
      const message = 'Void stands only as a whole input (a source) or a whole output (a sink)';
      this.#findings.error('void-inside', at, message, { hint: 'write () for a value that says nothing' });
      return undefined;
    }
    const kind = scalarNames.get(name);
    if (kind !== undefined) return { type: scalar(kind), depth: 1, size: 1 };
    if (this.#scope.has(name)) return this.#scope.get(name);
    const hint = unknownTypeHint(name, this.#scope.keys());
    this.#findings.error('unknown-type', at, `there is no type ${name}`, { hint });
    return undefined;
  }

  #list(syntax: Syntax, item: Syntax): Resolved | undefined {
    if (item.kind === 'name' && item.name === 'Byte' && !this.#scope.has('Byte')) {
      this.#findings.error('unknown-type', item, 'there is no type Byte', { hint: 'write Bytes for [Byte]' });
      return undefined;
    }
    return this.#around(syntax, [this.type(item)], ([type]) => type && listOf(type));
  }

  #optional(syntax: Syntax, inner: Syntax): Resolved | undefined {
    const item = this.type(inner);
    const problem = item && nullIn(item.type);
    if (problem !== undefined) {
      this.#findings.error('optional-null', syntax, `optional needs a type without null, and ${problem}`, {
        hint: 'leave optional out here, or make the inner type one without null',
      });
      return undefined;
    }
    return this.#around(syntax, [item], ([type]) => type && optionalOf(type));
  }

  #record(syntax: Syntax & { readonly kind: 'record' }): Resolved | undefined {
    const { fields } = syntax;
    this.#unique(
      fields.map(({ name }) => name),
      'field',
    );
    return this.#around(
      syntax,
      fields.map(({ type }) => this.type(type)),
      (types) => recordOf(types.map((type, index) => ({ name: fieldName(fields, index), type }))),
    );
  }

  #unnamedSum(syntax: Syntax & { readonly kind: 'sum' }): undefined {
    this.#findings.error('unnamed-sum', syntax, 'a sum has a name of its own', {
      hint: 'declare it (type Event = A () | B ()) and use its name here',
    });
    return undefined;
  }

  /** `Name T` where no case can stand. */
  #applied({ name, argument }: Syntax & { readonly kind: 'applied' }): undefined {
    const foreign = foreignNames.get(name.text.toLowerCase());
    const known = scalarNames.has(name.text) || this.#scope.has(name.text);
    const hint = known
      ? 'a comma, an arrow or a line break may be missing'
      : foreign !== undefined
        ? `write ${foreign}`
        : `a sum is declared by itself: type Event = ${name.text} T | ...`;
    this.#findings.error('unexpected-type', argument, `a type follows ${name.text}, which takes none`, {
      hint,
    });
    return undefined;
  }

  #case(syntax: Syntax): { readonly name: Word; readonly payload: Resolved | undefined } | undefined {
    const applied = syntax.kind === 'applied';
    const name = applied
      ? syntax.name
      : syntax.kind === 'name'
        ? { ...syntax, text: syntax.name }
        : undefined;
    if (name === undefined) {
      this.#findings.error('bad-case', syntax, 'a case of a sum begins with its name', {
        hint: 'write a name before the type: type Event = Click { user: Text } | Quit ()',
      });
      return undefined;
    }
    const hint = builtinNames.has(name.text)
      ? `write a name before it, such as A${name.text} ${name.text}`
      : `write ${name.text} () for a case that holds nothing, ${name.text} ${name.text} for one that holds a ${name.text}`;
    if (builtinNames.has(name.text)) {
      this.#findings.error('bad-case', name, `${name.text} is a type, not the name of a case`, { hint });
      return undefined;
    }
    if (!/^[A-Z]/.test(name.text)) {
      this.#findings.error(
        'bad-case',
        name,
        `the name of a case begins with a capital letter, unlike ${name.text}`,
      );
      return undefined;
    }
    if (!applied && this.#scope.has(name.text)) {
      this.#findings.error(
        'bad-case',
        name,
        `${name.text} is the name of a type, and here of a case that says not what it holds`,
        { hint },
      );
      return undefined;
    }
    return {
      name,
      payload: applied ? this.type(syntax.argument) : { type: scalar('unit'), depth: 1, size: 1 },
    };
  }

  #unique(names: readonly Word[], what: string): void {
    const first = new Map<string, Word>();
    for (const name of names) {
      const earlier = first.get(name.text);
      if (earlier === undefined) first.set(name.text, name);
      else {
        const message = `the ${what} ${JSON.stringify(name.text)} stands here for the second time`;
        this.#findings.error(`duplicate-${what}`, name, message, { first: earlier });
      }
    }
  }

  /** A type around others, where all of them are known and the limits hold. */
  #around(
    at: Syntax,
    parts: readonly (Resolved | undefined)[],
    make: (types: readonly Type[]) => Type | undefined,
  ): Resolved | undefined {
    let [depth, size] = [1, 1];
    const types: Type[] = [];
    for (const part of parts) {
      if (part === undefined) continue;
      types.push(part.type);
      depth = Math.max(depth, part.depth + 1);
      size += part.size;
    }
    if (types.length < parts.length) return undefined;
    if (depth > deepestType) {
      this.#findings.error('too-deep', at, `a type is nested more than ${deepestType} deep`);
      return undefined;
    }
    if (size > mostParts) {
      this.#findings.error('too-large', at, `a type has more than ${mostParts.toLocaleString('en')} parts`);
      return undefined;
    }
    const type = make(types);
    return type && { type, depth, size };
  }
}

function fieldName(fields: readonly FieldSyntax[], index: number): string {
  return fields[index]?.name.text ?? '';
}
