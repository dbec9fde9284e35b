import { compileValidator, type Type } from '../types/index.ts';

/**
 * Why a JSON text is no value for a config parameter of the type; undefined where it is one. Parameters travel as plain JSON
 * values, so that an integer beyond 2^53 would not arrive as it was written.
 */
export function parameterFault(json: string, type: Type): string | undefined {
  const bytes = Buffer.from(json);
  const fault = compileValidator(type, 'result').check(bytes, 0, bytes.length);
  if (fault !== undefined) return fault.path === '$' ? fault.message : `${fault.message} at ${fault.path}`;
  const numbers = json.replaceAll(/"(?:[^"\\]|\\.)*"/g, '""').match(/-?[0-9][0-9.eE+-]*/g) ?? [];
  const inexact = numbers.find(
    (number) => /^-?[0-9]+$/.test(number) && !Number.isSafeInteger(Number(number)),
  );
  return inexact === undefined ? undefined : `${inexact} is beyond what a parameter can hold (2^53 - 1)`;
}
