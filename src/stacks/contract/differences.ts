import { isOptional, type Type } from '../../types/index.ts';
import type { CodeCase, CodeField, CodeType } from '../stack.ts';
import { plainCodeType } from './code-type.ts';
import type { Difference, Direction, Pair } from './difference.ts';
import {
  caseNotTaken,
  fieldNotDeclared,
  missingResultField,
  optionalGiven,
  optionalNotTaken,
  otherType,
  outsideLanguage,
  undeclaredCase,
  undeclaredField,
} from './difference-texts.ts';

type Shape<Kind extends CodeType['kind']> = Extract<CodeType, { kind: Kind }>;
type Declared<Kind extends Type['kind']> = Extract<Type, { kind: Kind }>;

/**
 * Every difference between a declared type and what code states, parts included. Parts that the code leaves unstated or unknown
 * never differ, open ones only where another shape is declared. `path` begins with a parameter's name or `result`.
 */
export function differences(declared: Type, code: CodeType, at: Position): readonly Difference[] {
  return compare(pairOf(declared, code, at));
}

type Position = Pick<Pair, 'direction' | 'path' | 'place' | 'words'>;

function pairOf(written: Type, code: CodeType, { direction, path, place, words }: Position): Pair {
  let declared = written;
  while (declared.kind === 'named') declared = declared.target;
  return { direction, path, place, words, declared, written, code: plainCodeType(code) };
}

function inside(pair: Pair, declared: Type, code: CodeType, step: string, place = pair.place): Pair {
  return pairOf(declared, code, { ...pair, path: pair.path + step, place });
}

function compare(pair: Pair): readonly Difference[] {
  const { declared, code } = pair;
  if (code.kind === 'unstated' || code.kind === 'unknown') return [];
  if (code.kind === 'unsupported') return [outsideLanguage(pair, code.reason)];
  if (code.kind === 'open' && code.shape === 'any') return [];
  if (declared.kind === 'optional' || code.kind === 'optional') return compareOptional(pair);
  if (declared.kind === 'json')
    return pair.direction === 'output' || code.kind === 'open' ? [] : [otherType(pair)];
  return compareShapes(pair);
}

function compareOptional(pair: Pair): readonly Difference[] {
  const { declared, code, direction } = pair;
  const value = inside(
    pair,
    declared.kind === 'optional' ? declared.item : pair.written,
    code.kind === 'optional' ? code.item : code,
    '',
  );
  if (declared.kind !== 'optional' && direction === 'output' && declared.kind !== 'json') {
    return [optionalGiven(pair), ...compare(value)];
  }
  if (code.kind !== 'optional' && direction === 'input') return [optionalNotTaken(pair), ...compare(value)];
  return compare(value);
}

function compareShapes(pair: Pair): readonly Difference[] {
  const { declared, code } = pair;
  switch (code.kind) {
    case 'open':
      return fitsOpen(declared.kind, code.shape) ? [] : [otherType(pair)];
    case 'list':
      return declared.kind === 'list'
        ? compare(inside(pair, declared.item, code.item, '[]'))
        : [otherType(pair)];
    case 'map':
      return declared.kind === 'map'
        ? compare(inside(pair, declared.item, code.item, '{}'))
        : [otherType(pair)];
    case 'tuple':
      return declared.kind === 'tuple' ? compareTuples(pair, declared, code) : [otherType(pair)];
    case 'record':
      return declared.kind === 'record' ? compareRecords(pair, declared, code) : [otherType(pair)];
    case 'sum':
      return declared.kind === 'sum' ? compareSums(pair, declared, code) : [otherType(pair)];
    case 'known':
      return fitsScalar(declared.kind, code.type.kind, pair.direction) ? [] : [otherType(pair)];
    default:
      throw new Error(`${code.kind} was compared before`);
  }
}

function fitsOpen(declared: Type['kind'], shape: 'object' | 'array' | 'any'): boolean {
  const shapes: readonly Type['kind'][] = shape === 'array' ? ['list', 'tuple'] : ['record', 'map', 'sum'];
  return shapes.includes(declared);
}

function fitsScalar(declared: Type['kind'], code: Type['kind'], direction: Direction): boolean {
  if (declared === code || (declared === 'void' && code === 'unit')) return true;
  const [from, to] = direction === 'input' ? [declared, code] : [code, declared];
  return from === 'integer' && to === 'double';
}

function compareTuples(pair: Pair, declared: Declared<'tuple'>, code: Shape<'tuple'>): readonly Difference[] {
  if (declared.items.length !== code.items.length) return [otherType(pair)];
  return declared.items.flatMap((item, index) => {
    const found = code.items[index];
    return found === undefined ? [] : compare(inside(pair, item, found, `[${index}]`));
  });
}

function compareRecords(
  pair: Pair,
  declared: Declared<'record'>,
  code: Shape<'record'>,
): readonly Difference[] {
  const names = declared.fields.map(({ name }) => name);
  const missing = declared.fields.flatMap((field) =>
    pair.direction === 'output' ? missingIn(pair, field, code) : [],
  );
  const written = code.fields.flatMap((field) => {
    const type = declared.fields.find(({ name }) => name === field.name)?.type;
    const here = inside(pair, type ?? pair.declared, field.type, `.${field.name}`, field.place ?? pair.place);
    if (type !== undefined) return compare(here);
    return surplus({ ...pair, place: here.place }, field, names);
  });
  return [...written, ...missing];
}

function missingIn(
  pair: Pair,
  field: { name: string; type: Type },
  code: Shape<'record'>,
): readonly Difference[] {
  const found = code.fields.find(({ name }) => name === field.name);
  return isOptional(field) || found !== undefined ? [] : [missingResultField(pair, field.name)];
}

function surplus(pair: Pair, field: CodeField, declared: readonly string[]): readonly Difference[] {
  if (pair.direction === 'output') return [undeclaredField(pair, field.name, declared)];
  const mayBeMissing = field.hasDefault || plainCodeType(field.type).kind === 'optional';
  return mayBeMissing ? [] : [fieldNotDeclared(pair, field.name, declared)];
}

function compareSums(pair: Pair, declared: Declared<'sum'>, code: Shape<'sum'>): readonly Difference[] {
  const declaredNames = declared.cases.map(({ name }) => name);
  const codeNames = code.cases.map(({ name }) => name);
  const shared = code.cases.flatMap((found) => {
    const type = declared.cases.find(({ name }) => name === found.name)?.type;
    if (type === undefined) {
      return pair.direction === 'output'
        ? [undeclaredCase({ ...pair, place: found.place ?? pair.place }, found.name, declaredNames)]
        : [];
    }
    return compare(inside(pair, type, payloadFor(type, found), `.${found.name}`, found.place ?? pair.place));
  });
  const missing = declaredNames.filter((name) => pair.direction === 'input' && !codeNames.includes(name));
  return [...shared, ...missing.map((name) => caseNotTaken(pair, name, codeNames))];
}

/** A class with one field called `value` stands for its field where the declared payload is no record. */
function payloadFor(declared: Type, found: CodeCase): CodeType {
  if (declared.kind === 'named') return payloadFor(declared.target, found);
  return declared.kind === 'record' ? found.type : (found.payload ?? found.type);
}
