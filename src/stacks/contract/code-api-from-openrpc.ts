import { NstackError, type Place } from '../../core/index.ts';
import type { CodeApi, CodeFault, CodeFunction } from '../stack.ts';
import { codeTypeFromSchema, isObject, SchemaError } from './schema-code-type.ts';

const mostMethods = 10_000;
const keywordHint = 'move it before the *, or give it a default';

/**
 * What the answer to rpc.discover says of the code. The document comes from a service and is trusted in nothing: fails with
 * `protocol-breach` where it is no OpenRPC document of the dialect.
 *
 * @param placeOf the author's place for a file name, line and column of the service; undefined where the author has no such file.
 */
export function codeApiFromOpenRpc(
  document: unknown,
  placeOf: (file: string, line: number, column: number) => Place | undefined,
): CodeApi {
  try {
    const methods = isObject(document) ? document.methods : undefined;
    if (!Array.isArray(methods)) throw new SchemaError('it has no methods');
    if (methods.length > mostMethods) throw new SchemaError(`it has ${methods.length} methods`);
    const functions = methods.map((method: unknown, index) =>
      readMethod(method, `$.methods[${index}]`, placeOf),
    );
    return { functions, notes: [] };
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw new NstackError(
      'protocol-breach',
      `the answer to rpc.discover is no OpenRPC document: ${cause.message}`,
      { cause },
    );
  }
}

function readMethod(
  method: unknown,
  path: string,
  placeOf: (file: string, line: number, column: number) => Place | undefined,
): CodeFunction {
  if (!isObject(method)) throw new SchemaError(`${path} is no object`);
  const { name, params, result } = method;
  if (typeof name !== 'string' || name === '' || name.length > 200)
    throw new SchemaError(`${path}.name is no name`);
  if (!Array.isArray(params)) throw new SchemaError(`${path}.params is no list`);
  if (!isObject(result)) throw new SchemaError(`${path}.result is no object`);
  const extra = isObject(method['x-nstack']) ? method['x-nstack'] : {};
  const { file, line, column, vectorised, variadic, source } = extra;
  const known = typeof file === 'string' && isCount(line) && isCount(column);
  const given = codeTypeFromSchema(result.schema, `${path}.result.schema`);
  const fault = given.kind === 'unsupported' && given.text === name ? faultOf(given.reason) : undefined;
  return {
    name,
    parameters: params.map((param: unknown, index) => readParam(param, `${path}.params[${index}]`)),
    result: fault === undefined ? given : { kind: 'unknown', text: '' },
    vectorised: vectorised === true,
    place: known ? placeOf(file, line, column) : undefined,
    ...(variadic === true ? { variadic } : {}),
    ...(source === true ? { source } : {}),
    ...(fault === undefined ? {} : { faults: [fault] }),
  };
}

/** A function that cannot be served at all is told as a result that is named after it, with the reason. */
function faultOf(reason: string): CodeFault {
  const text = `cannot be served: ${reason}`;
  if (reason.includes('by keyword'))
    return { code: 'keyword-only', severity: 'error', text, hint: keywordHint };
  if (reason.includes('hints cannot be resolved'))
    return { code: 'unresolved-hint', severity: 'error', text };
  return { code: 'function-kind', severity: 'error', text };
}

function readParam(param: unknown, path: string): CodeFunction['parameters'][number] {
  if (!isObject(param) || typeof param.name !== 'string') throw new SchemaError(`${path} has no name`);
  return {
    name: param.name.slice(0, 200),
    type: codeTypeFromSchema(param.schema, `${path}.schema`),
    optional: param.required === false,
  };
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && typeof value === 'number' && value >= 1;
}
