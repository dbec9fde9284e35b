import { Ajv } from 'ajv';
import { pathOf } from '../../manifest/index.ts';
import { ajvOptions } from './compile-settings.ts';
import { expectation } from './expectation.ts';

/** What settings must be and are not, by path (as JSON); never with a value in it. */
export function misfitsOfValues(settings: unknown, schema: object): ReadonlyMap<string, string> {
  const ajv = new Ajv(ajvOptions);
  const check = ajv.compile(schema);
  check(settings);
  return new Map(
    (check.errors ?? []).map((error) => [
      JSON.stringify(pathOf(error.instancePath, settings)),
      expectation(error),
    ]),
  );
}
