import { type Api, parseType, printType, type Type } from '../types/index.ts';
import type { ConfigParameter } from './manifest.ts';
import type { ParameterShape } from './manifest-shape.ts';
import { parameterFault } from './parameter-value.ts';
import type { Reporter } from './reporter.ts';
import type { Path } from './yaml-value.ts';

/** The parameters of `config` in the order they are written; their types may use the names that the api declares. */
export function readConfig(
  shape: Readonly<Record<string, ParameterShape>>,
  api: Api | undefined,
  reporter: Reporter,
): readonly ConfigParameter[] {
  return Object.entries(shape).flatMap(([name, parameter]) => {
    const path = ['config', name];
    if (reporter.faulty(path)) return [];
    const [text, at] =
      typeof parameter === 'string' ? [parameter, path] : [parameter.type, [...path, 'type']];
    if (typeof text !== 'string' || reporter.faulty(at)) return [];
    const type = readParameterType(text, at, api, reporter);
    if (type === undefined) return [];
    const { description }: { readonly description?: string } = typeof parameter === 'string' ? {} : parameter;
    const base = { name, type, ...(description === undefined ? {} : { description }) };
    if (typeof parameter === 'string' || !Object.hasOwn(parameter, 'default')) return [base];
    return [{ ...base, default: readDefault([...path, 'default'], parameter.default, type, reporter) }];
  });
}

function readParameterType(
  text: string,
  path: Path,
  api: Api | undefined,
  reporter: Reporter,
): Type | undefined {
  const { type, diagnostics } = parseType(text, reporter.origin(path), api?.types ?? []);
  // Without an api, which is a fault of its own, a name that it would have declared is none of the config's.
  if (api !== undefined) reporter.add(path, diagnostics);
  if (type === undefined || plainKind(type) !== 'void') return type;
  reporter.report(path, 'wrong-value', 'a parameter has a value, so that its type cannot be Void');
  return undefined;
}

function plainKind(type: Type): Type['kind'] {
  return type.kind === 'named' ? plainKind(type.target) : type.kind;
}

function readDefault(path: Path, value: unknown, type: Type, reporter: Reporter): unknown {
  const json = reporter.json(path, value);
  const fault = parameterFault(json, type);
  if (fault === undefined) return JSON.parse(json);
  const name = path.at(-2);
  reporter.report(path, 'wrong-default', `the default of ${name} does not fit ${printType(type)}: ${fault}`);
  return undefined;
}
