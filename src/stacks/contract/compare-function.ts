import { argumentTypes, type FunctionType, printType, type Type } from '../../types/index.ts';
import type { CodeFunction, CodeType } from '../stack.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';
import type { Finding } from './finding.ts';

/** Beyond this many a wrong type is better read in the code. */
const mostReported = 6;

/** What is wrong with one declared function that the code has. One that cannot be served at all is not compared. */
export function compareFunction(fn: FunctionType, found: CodeFunction): readonly Finding[] {
  const faults: readonly Finding[] = found.faults ?? [];
  if (faults.some(({ severity }) => severity === 'error')) return faults;
  const types = found.vectorised ? compareVectorised(fn, found) : comparePlain(fn, found);
  return [...faults, ...partlyHinted(found), ...types.slice(0, mostReported).map(asFinding)];
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

function comparePlain(fn: FunctionType, found: CodeFunction): readonly Difference[] {
  if (fn.input.kind === 'void') return [sourceFunction()];
  const types = argumentTypes(fn.input);
  const result = differences(fn.output, found.result, 'output', 'result');
  if (takesTuple(found, types.length)) {
    const [only] = found.parameters;
    return [
      ...(only === undefined ? [] : differences(fn.input, only.type, 'input', only.name, only.place)),
      ...result,
    ];
  }
  if (!takes(found, types.length)) return [otherArity(fn, found, types), ...result];
  const parameters = found.parameters.flatMap((parameter, index) => {
    const type = types[index];
    if (type === undefined) return [];
    return differences(type, parameter.type, 'input', parameter.name, parameter.place);
  });
  return [...parameters, ...result];
}

function takes({ parameters, variadic }: CodeFunction, count: number): boolean {
  const needed = parameters.filter(({ optional }) => !optional).length;
  return needed <= count && (variadic === true || count <= parameters.length);
}

/** One parameter that states a tuple takes all arguments as one. */
function takesTuple({ parameters, variadic }: CodeFunction, count: number): boolean {
  const [only, ...more] = parameters;
  if (count < 2 || only === undefined || more.length > 0 || variadic === true) return false;
  const { kind } = only.type;
  return kind === 'tuple' || kind === 'unknown' || (only.type.kind === 'open' && only.type.shape === 'array');
}

function otherArity(fn: FunctionType, found: CodeFunction, types: readonly Type[]): Difference {
  const { parameters } = found;
  const needed = parameters.filter(({ optional }) => !optional).length;
  const names = parameters.map(({ name, optional }) => (optional ? `${name}=...` : name)).join(', ');
  const text = `takes ${needed === parameters.length ? '' : `${needed} to `}${count(parameters.length)} (${names}), where ${count(types.length)} ${types.length === 1 ? 'is' : 'are'} declared`;
  return { code: 'wrong-arity', text, ...arityHint(fn, found, types) };
}

function arityHint(
  fn: FunctionType,
  { parameters }: CodeFunction,
  types: readonly Type[],
): { readonly hint?: string } {
  if (types.length > 1 && parameters.length === 1) {
    return { hint: `(A, B) -> C declares one argument for each of its parts` };
  }
  if (types.length === 1 && parameters.length > 1) {
    const inputs = parameters.map(() => '...').join(', ');
    return {
      hint: `${count(parameters.length)} are declared as ${fn.name}: (${inputs}) -> ${printType(fn.output)}`,
    };
  }
  return {};
}

function count(arguments_: number): string {
  return arguments_ === 1 ? '1 argument' : `${arguments_} arguments`;
}

/** A function marked @nstack.vectorised takes the inputs of a whole block as one list and gives as many results. */
function compareVectorised(fn: FunctionType, found: CodeFunction): readonly Difference[] {
  if (fn.input.kind === 'void') return [sourceFunction()];
  const [parameter] = found.parameters;
  if (parameter === undefined || !takes(found, 1)) {
    const text = `is vectorised and takes ${count(found.parameters.length)}, where it gets one list of inputs`;
    return [{ code: 'vectorised-shape', text, hint: vectorisedHint(fn) }];
  }
  const input = itemOf(parameter.type);
  const output = itemOf(found.result);
  const wrong = [
    ...(input === undefined ? [`takes ${written(parameter.type)} for ${parameter.name}`] : []),
    ...(output === undefined ? [`returns ${written(found.result)}`] : []),
  ];
  const shape = wrong.map(
    (text): Difference => ({
      code: 'vectorised-shape',
      text: `is vectorised and ${text}, where a list is needed`,
      hint: vectorisedHint(fn),
    }),
  );
  return [
    ...shape,
    ...(input === undefined
      ? []
      : differences(fn.input, input, 'input', `${parameter.name}[]`, parameter.place)),
    ...(output === undefined ? [] : differences(fn.output, output, 'output', 'result[]')),
  ];
}

function vectorisedHint({ input, output }: FunctionType): string {
  return `it is called with a list of ${printType(input)} and returns a list of ${printType(output)} of the same length`;
}

/** The type of a list's items; undefined where it is no list. */
function itemOf(code: CodeType): CodeType | undefined {
  switch (code.kind) {
    case 'list':
      return code.item;
    case 'known':
      return code.type.kind === 'list'
        ? { kind: 'known', type: code.type.item, text: printType(code.type.item) }
        : undefined;
    case 'open':
      return code.shape === 'object' ? undefined : { kind: 'unstated' };
    case 'unstated':
    case 'unknown':
    case 'unsupported':
      return code;
    default:
      return undefined;
  }
}

function written(code: CodeType): string {
  return code.kind === 'unstated' ? 'anything' : code.text;
}

/** A function states all of its types or none. */
function partlyHinted({ parameters, result }: CodeFunction): readonly Finding[] {
  const missing = parameters.filter(({ type }) => type.kind === 'unstated').map(({ name }) => name);
  const stated = parameters.length - missing.length + (result.kind === 'unstated' ? 0 : 1);
  if (result.kind === 'unstated') missing.push('its result');
  if (missing.length === 0 || stated === 0) return [];
  const text = `has type hints, but none for ${missing.join(', ')}`;
  return [
    {
      code: 'partly-hinted',
      severity: 'error',
      text,
      hint: 'write all of them, or none: then the declared types rule',
    },
  ];
}

function sourceFunction(): Difference {
  return {
    code: 'source-function',
    text: 'would have to be a source (Void -> T), which is not supported yet',
  };
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
