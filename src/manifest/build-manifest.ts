import { deepFreeze } from '../core/index.ts';
import { parseApi } from '../types/index.ts';
import { readConfig } from './config.ts';
import { readLimits } from './limits.ts';
import type { Manifest, PackageRequest } from './manifest.ts';
import type { ManifestShape } from './manifest-shape.ts';
import { parsePackage } from './package-request.ts';
import type { Reporter } from './reporter.ts';
import { pathFault } from './safe-path.ts';
import { pathText } from './value-words.ts';
import type { Path } from './yaml-value.ts';

/**
 * A checked manifest from the value of an nstack.yaml whose departures from the schema are in `reporter` already. Parts with
 * a fault are passed over, so that the faults of all others are found too; undefined where there is any.
 */
export function buildManifest(
  value: Readonly<Record<string, unknown>>,
  reporter: Reporter,
): Manifest | undefined {
  const shape: Partial<ManifestShape> = Object.fromEntries(
    Object.entries(value).filter(([key]) => !reporter.faulty([key])),
  );
  const { name, stack, api: apiText } = shape;
  reportReservedName(name, reporter);
  const api = apiText === undefined ? undefined : readApi(apiText, reporter);
  const packages = readPackages(shape.packages ?? [], reporter);
  if (shape.entry !== undefined) checkPath(['entry'], shape.entry, reporter);
  for (const [index, glob] of (shape.files ?? []).entries()) checkPath(['files', index], glob, reporter);
  const limits = readLimits(shape.limits ?? {}, reporter);
  const config = readConfig(shape.config ?? {}, api, reporter);
  const env = readEnv(shape.env ?? {}, reporter);
  if (reporter.diagnostics.some(({ severity }) => severity === 'error')) return undefined;
  if (name === undefined || stack === undefined || apiText === undefined || api === undefined)
    return undefined;
  return deepFreeze({
    name,
    version: shape.version ?? '0.0.1-SNAPSHOT',
    stack: typeof stack === 'string' ? { language: stack } : stack,
    api,
    apiText,
    packages,
    ...(shape.entry === undefined ? {} : { entry: shape.entry }),
    ...(shape.parent === undefined ? {} : { parent: shape.parent }),
    files: shape.files ?? [],
    commands: shape.commands ?? [],
    config,
    limits,
    network: shape.network ?? 'none',
    env,
    secrets: shape.secrets ?? [],
    buildSecrets: Object.entries(shape.buildSecrets ?? {}).map(([name, steps]) => ({ name, steps })),
    replicas: shape.replicas ?? 1,
    ...(shape.description === undefined ? {} : { description: shape.description }),
  });
}

/** `Sources.file` and `Sinks.file` mean connectors in a workflow. */
function reportReservedName(name: string | undefined, reporter: Reporter): void {
  const first = name?.split('.')[0] ?? '';
  if (!/^(?:sources|sinks)$/i.test(first)) return;
  reporter.report(
    ['name'],
    'reserved-name',
    `the name ${name} is taken: in a workflow, ${first}. begins the name of a connector`,
  );
}

function readApi(text: string, reporter: Reporter): Manifest['api'] | undefined {
  const { api, diagnostics } = parseApi(text, reporter.origin(['api']));
  reporter.add(['api'], diagnostics);
  if (api !== undefined && api.functions.length === 0 && diagnostics.length === 0) {
    reporter.report(['api'], 'empty-api', 'the api has no function', {
      hint: 'a function is a line such as "score: Click -> Double"',
    });
  }
  return api;
}

function readPackages(texts: readonly string[], reporter: Reporter): PackageRequest[] {
  const requests: PackageRequest[] = [];
  for (const [index, text] of texts.entries()) {
    const path = ['packages', index];
    if (reporter.faulty(path)) continue;
    const parsed = parsePackage(text);
    if ('message' in parsed) reporter.report(path, 'bad-package', parsed.message, { hint: parsed.hint });
    else requests.push({ ...parsed, ...reporter.position(path) });
  }
  return requests;
}

function checkPath(path: Path, text: string, reporter: Reporter): void {
  const fault = reporter.faulty(path) ? undefined : pathFault(text);
  if (fault === undefined) return;
  reporter.report(path, 'bad-path', `${pathText(path)}: ${JSON.stringify(text)} ${fault}`);
}

/** Values of the environment as text; a number is what was written. */
function readEnv(env: NonNullable<ManifestShape['env']>, reporter: Reporter): Record<string, string> {
  return Object.fromEntries(
    Object.entries(env).map(([name, value]) => [name, reporter.written(['env', name]) ?? String(value)]),
  );
}
