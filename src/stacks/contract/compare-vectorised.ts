import { type FunctionType, printType } from '../../types/index.ts';
import type { CodeFunction, CodeType, CodeWords } from '../stack.ts';
import { countArguments, takes } from './arity.ts';
import type { Difference } from './difference.ts';
import { differences } from './differences.ts';

/** A vectorised function takes the inputs of a whole block as one list and gives as many results. */
export function compareVectorised(
  fn: FunctionType,
  found: CodeFunction,
  words: CodeWords,
): readonly Difference[] {
  const [parameter] = found.parameters;
  if (parameter === undefined || !takes(found, 1)) {
    const text = `is vectorised and takes ${countArguments(found.parameters.length)}, where it gets one list of inputs`;
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
      : differences(fn.input, input, {
          direction: 'input',
          path: `${parameter.name}[]`,
          place: parameter.place,
          words,
        })),
    ...(output === undefined
      ? []
      : differences(fn.output, output, { direction: 'output', path: 'result[]', place: undefined, words })),
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
