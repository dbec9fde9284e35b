import { type FunctionType, printType, type Type } from '../../types/index.ts';
import type { CodeFunction } from '../stack.ts';
import type { Difference } from './difference.ts';

/** Whether a function can be called with so many arguments. */
export function takes({ parameters, variadic }: CodeFunction, count: number): boolean {
  const needed = parameters.filter(({ optional }) => !optional).length;
  return needed <= count && (variadic === true || count <= parameters.length);
}

/** One parameter that states a tuple takes all arguments as one. */
export function takesTuple({ parameters, variadic }: CodeFunction, count: number): boolean {
  const [only, ...more] = parameters;
  if (count < 2 || only === undefined || more.length > 0 || variadic === true) return false;
  const { kind } = only.type;
  return kind === 'tuple' || kind === 'unknown' || (only.type.kind === 'open' && only.type.shape === 'array');
}

export function otherArity(fn: FunctionType, found: CodeFunction, types: readonly Type[]): Difference {
  const { parameters } = found;
  const needed = parameters.filter(({ optional }) => !optional).length;
  const names = parameters.map(({ name, optional }) => (optional ? `${name}=...` : name)).join(', ');
  const range = needed === parameters.length ? '' : `${needed} to `;
  const takes = `${range}${countArguments(parameters.length)}${names === '' ? '' : ` (${names})`}`;
  const verb = types.length === 1 ? 'is' : 'are';
  const text = `takes ${takes}, where ${countArguments(types.length)} ${verb} declared`;
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
      hint: `${countArguments(parameters.length)} are declared as ${fn.name}: (${inputs}) -> ${printType(fn.output)}`,
    };
  }
  return {};
}

export function countArguments(arguments_: number): string {
  return arguments_ === 1 ? '1 argument' : `${arguments_} arguments`;
}
