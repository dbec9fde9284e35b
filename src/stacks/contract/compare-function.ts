import { argumentTypes, type FunctionType, type Type } from '../../types/index.ts';
import type { CodeFunction, CodeType, CodeWords } from '../stack.ts';
import { otherArity, takes, takesTuple } from './arity.ts';
import { compareSource, sourceInstead } from './compare-source.ts';
import { compareVectorised } from './compare-vectorised.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';
import type { Finding } from './finding.ts';

/** Beyond this many a wrong type is better read in the code. */
const mostReported = 6;

/** What is wrong with one declared function that the code has. One that cannot be served at all is not compared. */
export function compareFunction(fn: FunctionType, found: CodeFunction, words: CodeWords): readonly Finding[] {
  const faults: readonly Finding[] = found.faults ?? [];
  if (faults.some(({ severity }) => severity === 'error')) return faults;
  const types = compareTypes(fn, found, words);
  return [...faults, ...partlyHinted(found, words), ...types.slice(0, mostReported).map(asFinding)];
}

/** What could not be judged by reading. */
export function leftToProbe(found: CodeFunction): readonly Finding[] {
  const unknown = [
    ...found.parameters.flatMap(({ name, type }) => unknownIn(type).map((text) => `${text} for ${name}`)),
    ...unknownIn(found.result).map((text) => `${text} as its result`),
  ];
  if (unknown.length === 0) return [];
  const text = `has ${unknown.slice(0, mostReported).join(', ')}, which cannot be told without running it; left to the probe`;
  return [{ code: 'left-to-probe', severity: 'note', text }];
}

function compareTypes(fn: FunctionType, found: CodeFunction, words: CodeWords): readonly Difference[] {
  if (fn.input.kind === 'void') return compareSource(fn, found, words);
  if (found.source === true) return [sourceInstead(fn)];
  if (found.vectorised) return compareVectorised(fn, found, words);
  const types = argumentTypes(fn.input);
  const result = differences(fn.output, found.result, {
    direction: 'output',
    path: 'result',
    place: undefined,
    words,
  });
  if (takesTuple(found, types.length)) {
    const [only] = found.parameters;
    return [...(only === undefined ? [] : taken(fn.input, only, words)), ...result];
  }
  if (!takes(found, types.length)) return [otherArity(fn, found, types), ...result];
  const parameters = found.parameters.flatMap((parameter, index) => {
    const type = types[index];
    return type === undefined ? [] : taken(type, parameter, words);
  });
  return [...parameters, ...result];
}

function taken(
  declared: Type,
  { name, type, place }: CodeFunction['parameters'][number],
  words: CodeWords,
): readonly Difference[] {
  return differences(declared, type, { direction: 'input', path: name, place, words });
}

/** A function states all of its types or none; what a source's position is, is its own matter. */
function partlyHinted(
  { parameters, result, source }: CodeFunction,
  { hints }: CodeWords,
): readonly Finding[] {
  if (source === true) return [];
  const missing = parameters.filter(({ type }) => type.kind === 'unstated').map(({ name }) => name);
  const stated = parameters.length - missing.length + (result.kind === 'unstated' ? 0 : 1);
  if (result.kind === 'unstated') missing.push('its result');
  if (missing.length === 0 || stated === 0) return [];
  const text = `has ${hints}, but none for ${missing.join(', ')}`;
  return [
    {
      code: 'partly-hinted',
      severity: 'error',
      text,
      hint: 'write all of them, or none: then the declared types rule',
    },
  ];
}

function asFinding(difference: Difference): Finding {
  return { ...difference, severity: 'error' };
}

/** The hints inside a type that cannot be judged. */
function unknownIn(code: CodeType): readonly string[] {
  switch (code.kind) {
    case 'unknown':
      return [code.text];
    case 'list':
    case 'map':
    case 'optional':
      return unknownIn(code.item);
    case 'tuple':
      return code.items.flatMap(unknownIn);
    case 'record':
      return code.fields.flatMap(({ type }) => unknownIn(type));
    case 'sum':
      return code.cases.flatMap(({ type }) => unknownIn(type));
    default:
      return [];
  }
}
