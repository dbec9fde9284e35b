import { nearestWord } from '../core/index.ts';
import { deepestType } from './read-syntax.ts';
import type { DeclarationSyntax, Syntax, Word } from './syntax.ts';
import type { Findings, Span } from './text-origin.ts';
import type { Case, ScalarKind, Type } from './type.ts';

type TypeDeclaration = Extract<DeclarationSyntax, { readonly kind: 'type' }>;

export const scalars: ReadonlyMap<string, ScalarKind> = new Map([
  ['Integer', 'integer'],
  ['Double', 'double'],
  ['Boolean', 'boolean'],
  ['Text', 'text'],
  ['Bytes', 'bytes'],
  ['Timestamp', 'timestamp'],
  ['Json', 'json'],
  ['Void', 'void'],
]);

/** What people write for them elsewhere. */
const otherNames = new Map([
  ['String', 'Text'],
  ['Str', 'Text'],
  ['Int', 'Integer'],
  ['Long', 'Integer'],
  ['Float', 'Double'],
  ['Number', 'Double'],
  ['Bool', 'Boolean'],
  ['Byte', 'Bytes'],
  ['DateTime', 'Timestamp'],
  ['Date', 'Timestamp'],
  ['Any', 'Json'],
  ['Unit', '()'],
  ['None', '()'],
]);

/** Turns types as written into types: looks up names, and reports what cannot be. */
export interface Resolver {
  resolve(syntax: Syntax, where: 'whole' | 'part'): Type | undefined;
  /** The type that a declaration of this name stands for. */
  declared(name: string): Type | undefined;
}

/** `outer` are names that are known already. Declarations may be used before they stand. */
export function createResolver(
  declarations: readonly TypeDeclaration[],
  outer: readonly { readonly name: string; readonly type: Type }[],
  findings: Findings,
): Resolver {
  const written = new Map(declarations.map((declaration) => [declaration.name.text, declaration]));
  const done = new Map<string, Type | undefined>(outer.map(({ name, type }) => [name, type]));
  const extents = new Map<Type, Extent>();
  const open: string[] = [];

  function declared(name: string): Type | undefined {
    if (done.has(name)) return done.get(name);
    const declaration = written.get(name);
    if (declaration === undefined) return undefined;
    open.push(name);
    const type = body(declaration);
    open.pop();
    const extent = type === undefined ? undefined : extentOf(type, extents);
    const fits = extent !== undefined && extent.depth <= deepestType && extent.size <= largestType;
    if (extent !== undefined && extent.depth > deepestType) {
      findings.error(
        'too-deep',
        declaration.name,
        `the type ${name} is nested more than ${deepestType} deep`,
      );
    } else if (!fits && extent !== undefined) {
      findings.error(
        'too-large',
        declaration.name,
        `the type ${name} has more than ${largestType} parts when its names are written out`,
      );
    }
    done.set(name, fits ? type : undefined);
    return done.get(name);
  }

  /** What stands right after `type Name =`: the one place for a sum. */
  function body({ body: syntax }: TypeDeclaration): Type | undefined {
    if (syntax.kind === 'sum') return sum(syntax.cases);
    return syntax.kind === 'applied' ? sum([syntax]) : resolve(syntax, 'part');
  }

  function sum(parts: readonly Syntax[]): Type | undefined {
    const cases: Case[] = [];
    const seen = new Map<string, Word>();
    let whole = true;
    for (const part of parts) {
      const name: Word | undefined =
        part.kind === 'applied'
          ? part.name
          : part.kind === 'name'
            ? { text: part.name, start: part.start, end: part.end }
            : undefined;
      if (name === undefined) {
        if (part.kind !== 'error')
          findings.error('bad-case', part, 'a case of a sum needs a name', {
            hint: 'write Name T, or Name ()',
          });
        whole = false;
        continue;
      }
      const first = seen.get(name.text);
      if (first !== undefined)
        findings.error('duplicate-case', name, `the case ${name.text} is there twice`, { first });
      seen.set(name.text, name);
      const type: Type | undefined =
        part.kind === 'applied' ? resolve(part.argument, 'part') : { kind: 'unit' };
      if (type === undefined || first !== undefined) whole = false;
      else cases.push({ name: name.text, type });
    }
    return whole ? { kind: 'sum', cases } : undefined;
  }

  function resolve(syntax: Syntax, where: 'whole' | 'part'): Type | undefined {
    switch (syntax.kind) {
      case 'error':
        return undefined;
      case 'name':
        return lookUp(syntax.name, syntax, where);
      case 'unit':
        return { kind: 'unit' };
      case 'list':
        return list(syntax.item);
      case 'map':
        return wrap(syntax.item, (item) => ({ kind: 'map', item }));
      case 'optional':
        return optional(syntax.item);
      case 'tuple':
        return all(syntax.items, (items) => ({ kind: 'tuple', items }));
      case 'record':
        return record(syntax);
      case 'applied':
        return notHere(syntax, `${syntax.name.text} with a type behind it is a case of a sum`);
      case 'sum':
        return notHere(syntax, 'a sum');
      default: {
        const never: never = syntax;
        throw new Error(`unknown syntax ${JSON.stringify(never)}`);
      }
    }
  }

  function notHere(span: Span, what: string): undefined {
    findings.error('sum-without-name', span, `${what}, and a sum must have a name`, {
      hint: 'declare it: type Name = A T | B ()',
    });
  }

  function list(syntax: Syntax): Type | undefined {
    if (syntax.kind === 'name' && syntax.name === 'Byte' && !written.has('Byte')) {
      findings.error('unknown-type', syntax, 'there is no type Byte', {
        hint: 'bytes are written Bytes, without brackets',
      });
      return undefined;
    }
    return wrap(syntax, (item) => ({ kind: 'list', item }));
  }

  function wrap(syntax: Syntax, make: (item: Type) => Type): Type | undefined {
    const item = resolve(syntax, 'part');
    return item === undefined ? undefined : make(item);
  }

  function optional(syntax: Syntax): Type | undefined {
    const item = resolve(syntax, 'part');
    const bare = item === undefined ? undefined : unnamed(item);
    if (bare?.kind === 'json' || bare?.kind === 'unit' || bare?.kind === 'optional') {
      const what = bare.kind === 'json' ? 'Json' : bare.kind === 'unit' ? '()' : 'an optional';
      findings.error(
        'optional-of-null',
        syntax,
        `optional of ${what} could not tell a missing value from null`,
        {
          hint: `${what} holds null by itself: leave optional out`,
        },
      );
      return undefined;
    }
    return item === undefined ? undefined : { kind: 'optional', item };
  }

  function all(items: readonly Syntax[], make: (items: readonly Type[]) => Type): Type | undefined {
    const types = items.map((item) => resolve(item, 'part'));
    const present = types.filter((type) => type !== undefined);
    return present.length === types.length ? make(present) : undefined;
  }

  function record(syntax: Extract<Syntax, { readonly kind: 'record' }>): Type | undefined {
    const seen = new Map<string, Word>();
    let whole = true;
    for (const { name } of syntax.fields) {
      const first = seen.get(name.text);
      if (first === undefined) seen.set(name.text, name);
      else {
        whole = false;
        findings.error('duplicate-field', name, `the field ${JSON.stringify(name.text)} is there twice`, {
          first,
        });
      }
    }
    const type = all(
      syntax.fields.map((field) => field.type),
      (types) => ({
        kind: 'record',
        fields: types.map((of, index) => ({ name: syntax.fields[index]?.name.text ?? '', type: of })),
      }),
    );
    return whole ? type : undefined;
  }

  function lookUp(name: string, span: Span, where: 'whole' | 'part'): Type | undefined {
    const scalar = scalars.get(name);
    if (scalar === 'void' && where === 'part') {
      findings.error(
        'void-inside',
        span,
        'Void has no value, so it stands only as all that a function takes or gives',
        {
          hint: 'nothing at all is written ()',
        },
      );
      return undefined;
    }
    if (scalar !== undefined) return { kind: scalar };
    if (open.includes(name)) {
      findings.error('recursive-type', span, `the type ${name} holds itself`, {
        hint: 'types are finite: use Json for the part that repeats',
      });
      return undefined;
    }
    if (!done.has(name) && !written.has(name)) {
      const near =
        otherNames.get(name) ?? nearestWord(name, [...scalars.keys(), ...written.keys(), ...done.keys()]);
      findings.error('unknown-type', span, `there is no type ${name}`, {
        hint: near === undefined ? undefined : `did you mean ${near}?`,
      });
      return undefined;
    }
    const target = declared(name);
    return target === undefined ? undefined : { kind: 'named', name, target };
  }

  return { resolve, declared };
}

function unnamed(type: Type): Type {
  return type.kind === 'named' ? unnamed(type.target) : type;
}

interface Extent {
  /** Types in types. */
  readonly depth: number;
  /** Types in all, names written out. */
  readonly size: number;
}

/** Types with more parts than this are refused: names that double at each step would grow without bound. */
const largestType = 10_000;

/** `known` holds the extents of declared types, so that a name costs one step however often it is used. */
function extentOf(type: Type, known: Map<Type, Extent>): Extent {
  switch (type.kind) {
    case 'named': {
      const extent = known.get(type.target) ?? extentOf(type.target, known);
      known.set(type.target, extent);
      return extent;
    }
    case 'list':
    case 'map':
    case 'optional':
      return around([type.item], known);
    case 'tuple':
      return around(type.items, known);
    case 'record':
      return around(
        type.fields.map((field) => field.type),
        known,
      );
    case 'sum':
      return around(
        type.cases.map((one) => one.type),
        known,
      );
    default:
      return { depth: 1, size: 1 };
  }
}

function around(parts: readonly Type[], known: Map<Type, Extent>): Extent {
  const extents = parts.map((part) => extentOf(part, known));
  return {
    depth: 1 + Math.max(0, ...extents.map(({ depth }) => depth)),
    size: 1 + extents.reduce((sum, { size }) => sum + size, 0),
  };
}
