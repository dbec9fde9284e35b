import { CallError } from '../bridge/index.ts';
import { createRedactor, NstackError } from '../core/index.ts';
import { connectEngine } from '../engine/index.ts';
import type { Manifest } from '../manifest/index.ts';
import { findService, openService, type RegisteredService } from '../registry/index.ts';
import { argumentTypes, compileValidator, type FunctionType, printType, type Type } from '../types/index.ts';

export interface CallFunctionOptions {
  /** `name=json` each. */
  readonly set: readonly string[];
  readonly timeout: unknown;
  /** Values of the secrets that a service asks for. */
  secrets(manifest: Manifest): Promise<Readonly<Record<string, string>>>;
  readonly signal: AbortSignal;
  onLogLine(line: string): void;
}

/** Starts the service, calls one function with JSON arguments and answers the result's JSON text as the service wrote it. */
export async function callFunction(
  name: string,
  args: readonly string[],
  options: CallFunctionOptions,
): Promise<string> {
  const timeout = millisecondsOf(options.timeout);
  const engine = await connectEngine({ signal: options.signal });
  const { service, fn } = await findFunction(engine, name);
  const params = checkArguments(service, fn, args);
  const parameters = parametersOf(service, options.set);
  const secrets = await options.secrets(service.manifest);
  const { peer, close } = await openService(engine, service.image, service.manifest, {
    parameters,
    secrets,
    signal: options.signal,
    onEvent: (event) => {
      if (event.kind === 'log') options.onLogLine(`${event.level}: ${event.message}`);
    },
    onLogLine: options.onLogLine,
  });
  try {
    const result = await peer.call(fn.name, params, {
      timeout: timeout ?? service.manifest.limits.timeout,
      signal: options.signal,
    });
    return Buffer.from(result).toString('utf8');
  } catch (error) {
    if (error instanceof CallError)
      throw answeredWithError(service, fn, error, createRedactor(Object.values(secrets)));
    throw error;
  } finally {
    await close();
  }
}

function millisecondsOf(value: unknown): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === 'string' && /^[1-9][0-9]{0,8}$/.test(value)) return Number(value);
  throw new NstackError('usage', `--timeout takes milliseconds, not ${JSON.stringify(value)}`);
}

type Engine = Awaited<ReturnType<typeof connectEngine>>;

async function findFunction(
  engine: Engine,
  name: string,
): Promise<{ service: RegisteredService; fn: FunctionType }> {
  // `Score.score` names a function; `Score`, `Demo.NumChars` and `Score:1.0.0` a service, since parts of its name are in title case.
  const dotted = /^(.+)\.([a-z_][A-Za-z0-9_]*)$/.exec(name);
  const service = await findService(engine, dotted?.[1] ?? name);
  const { functions } = service.manifest.api;
  const wanted = dotted?.[2];
  const [only] = functions;
  const fn =
    wanted === undefined
      ? functions.length === 1
        ? only
        : undefined
      : functions.find((one) => one.name === wanted);
  if (fn !== undefined) return { service, fn };
  const names = functions.map((one) => `${service.name}.${one.name}`).join(', ');
  const message =
    wanted === undefined ? `${name} has several functions` : `${service.name} has no function ${wanted}`;
  throw new NstackError('service-unknown', message, { hint: `It has ${names}.` });
}

function checkArguments({ name }: RegisteredService, fn: FunctionType, args: readonly string[]): Uint8Array {
  const types = argumentTypes(fn.input);
  const signature = `${fn.name} : ${printType(fn.input)} -> ${printType(fn.output)}`;
  if (args.length !== types.length) {
    throw new NstackError(
      'usage',
      `${name}.${fn.name} takes ${types.length} argument${types.length === 1 ? '' : 's'}, and ${args.length} were given`,
      {
        hint: signature,
      },
    );
  }
  types.forEach((type, index) => {
    const bytes = Buffer.from(args[index] ?? '');
    const fault = compileValidator(type, 'input').check(bytes, 0, bytes.length);
    if (fault === undefined) return;
    const place = `argument ${index + 1}${fault.path === '$' ? '' : ` at ${fault.path}`}, character ${fault.offset + 1}`;
    const quoting = fault.kind === 'malformed' ? ` Arguments are JSON: a text is written '"like this"'.` : '';
    throw new NstackError('value-invalid', `${name}.${fn.name}: ${place}: ${fault.message}`, {
      hint: `${signature}.${quoting}`,
    });
  });
  return Buffer.from(`[${args.map((text) => text.replaceAll(/[\r\n]/g, ' ')).join(',')}]`);
}

function parametersOf(
  { name, manifest }: RegisteredService,
  set: readonly string[],
): Record<string, unknown> {
  const given = new Map(
    set.map((text) => [text.split('=', 1)[0] ?? '', text.slice(text.indexOf('=') + 1)] as const),
  );
  const parameters: Record<string, unknown> = Object.create(null);
  for (const parameter of manifest.config) {
    const text = given.get(parameter.name);
    given.delete(parameter.name);
    if (text !== undefined) parameters[parameter.name] = parseParameter(parameter.name, parameter.type, text);
    else if (parameter.default !== undefined) parameters[parameter.name] = parameter.default;
    else
      throw new NstackError('usage', `${name} needs a value for its config parameter ${parameter.name}`, {
        hint: `Give it with --set ${parameter.name}=JSON.`,
      });
  }
  const [unknown] = given.keys();
  if (unknown === undefined) return parameters;
  throw new NstackError('usage', `${name} has no config parameter ${JSON.stringify(unknown)}`, {
    hint:
      manifest.config.length === 0
        ? 'It has none.'
        : `It has ${manifest.config.map((one) => one.name).join(', ')}.`,
  });
}

function parseParameter(name: string, type: Type, text: string): unknown {
  const bytes = Buffer.from(text);
  const fault = compileValidator(type, 'input').check(bytes, 0, bytes.length);
  if (fault === undefined) return JSON.parse(text);
  throw new NstackError('usage', `--set ${name}: ${fault.message}`, {
    hint: `${name} is of type ${printType(type)}, written as JSON.`,
  });
}

function answeredWithError(
  { name }: RegisteredService,
  fn: FunctionType,
  error: CallError,
  redact: (text: string) => string,
): NstackError {
  const { message, data } = error.rpc;
  const stack = data?.stack;
  return new NstackError('service-failed', `${name}.${fn.name}: ${redact(message)}`, {
    cause: error,
    ...(typeof stack === 'string' ? { hint: redact(stack.trimEnd()) } : {}),
  });
}
