import { nearestWord } from '../core/index.ts';
import { compareVersions } from '../registry/compare-versions.ts';
import type { RegisteredService } from '../registry/index.ts';
import { plainFunction } from '../registry/plain-function.ts';
import type { FunctionType } from '../types/index.ts';
import type { Scope } from './scope.ts';
import type { Path, Reference } from './syntax-tree.ts';

export interface ResolvedService {
  readonly service: RegisteredService;
  readonly function: FunctionType;
  /** `Clean`, or `Clean.clean` where the service alone would not mean this function. */
  readonly label: string;
}

interface Fault {
  readonly code: string;
  readonly message: string;
  readonly hint?: string;
}

/**
 * The function that an element names: `Clean`, `Score.score`, `Demo.NumChars:0.1.0.numChars`, `acme/Clean`, or through an import. Of dotted
 * names the longest that is a service counts; of versions the newest, where none is given.
 */
export function resolveService(
  element: Reference | Path,
  scope: Scope,
  services: readonly RegisteredService[],
): ResolvedService | Fault {
  const named = nameOf(element, scope, services);
  if ('message' in named) return named;
  const { service, member } = named;
  const chosen = chooseFunction(service, member);
  if ('message' in chosen) return chosen;
  const isPlain = plainFunction(service.name, service.manifest.api)?.name === chosen.name;
  return { service, function: chosen, label: isPlain ? service.name : `${service.name}.${chosen.name}` };
}

/** The newest version of each service, in order of their names. */
export function newestServices(services: readonly RegisteredService[]): readonly RegisteredService[] {
  const newest = new Map<string, RegisteredService>();
  for (const service of services) {
    const known = newest.get(service.name);
    if (known === undefined || compareVersions(service.version, known.version) > 0)
      newest.set(service.name, service);
  }
  return [...newest.values()].sort((a, b) => (a.name < b.name ? -1 : 1));
}

type Named = { readonly service: RegisteredService; readonly member: string | undefined };

function nameOf(
  element: Reference | Path,
  scope: Scope,
  services: readonly RegisteredService[],
): Named | Fault {
  const { name, version, member } = element.kind === 'path' ? splitPath(element) : element;
  const parts = name.split('.');
  const imported = scope.imports.get(name) ?? scope.imports.get(parts[0] ?? '');
  if (imported !== undefined) {
    const rest = scope.imports.has(name) ? [] : parts.slice(1);
    return find(
      imported.service,
      version ?? imported.version,
      [...rest, ...(member === undefined ? [] : [member])],
      services,
    );
  }
  if (version !== undefined) return find(name, version, member === undefined ? [] : [member], services);
  for (let count = parts.length; count > 0; count--) {
    const prefix = parts.slice(0, count).join('.');
    if (services.some((service) => service.name === prefix))
      return find(prefix, undefined, parts.slice(count), services);
  }
  return unknownService(name, services);
}

function find(
  name: string,
  version: string | undefined,
  rest: readonly string[],
  services: readonly RegisteredService[],
): Named | Fault {
  const [member, ...more] = rest;
  const known = services.filter((service) => service.name === name);
  if (known.length === 0) return unknownService(name, services);
  if (more.length > 0) return unknownService([name, ...rest].join('.'), services);
  const service =
    version === undefined
      ? newestServices(known)[0]
      : known.find((candidate) => candidate.version === version);
  if (service !== undefined) return { service, member };
  const versions = known.map((candidate) => candidate.version).sort((a, b) => compareVersions(b, a));
  return {
    code: 'unknown-version',
    message: `there is no ${name}:${version}`,
    hint: `there are ${versions.slice(0, 8).join(', ')}`,
  };
}

function chooseFunction(
  { name, manifest }: RegisteredService,
  member: string | undefined,
): FunctionType | Fault {
  const { functions } = manifest.api;
  const names = functions.map((candidate) => candidate.name);
  if (member !== undefined) {
    const found = functions.find((candidate) => candidate.name === member);
    if (found !== undefined) return found;
    const nearest = nearestWord(member, names);
    const hint = nearest === undefined ? `it has ${names.join(', ')}` : `did you mean "${name}.${nearest}"?`;
    return { code: 'unknown-function', message: `${name} has no function ${member}`, hint };
  }
  const found = plainFunction(name, manifest.api);
  if (found !== undefined) return found;
  return {
    code: 'function-needed',
    message: `${name} has several functions`,
    hint: `say which one: ${names.map((each) => `${name}.${each}`).join(', ')}`,
  };
}

function unknownService(name: string, services: readonly RegisteredService[]): Fault {
  const code = 'unknown-service';
  const newest = newestServices(services);
  const nearest = nearestWord(
    name,
    newest.flatMap((service) => [
      service.name,
      ...service.manifest.api.functions.map((each) => `${service.name}.${each.name}`),
    ]),
  );
  if (nearest !== undefined)
    return { code, message: `there is no service ${name}`, hint: `did you mean "${nearest}"?` };
  const names = newest.slice(0, 8).map((service) => service.name);
  const hint =
    names.length === 0
      ? 'no service is built yet: build one with nstack build'
      : `there are ${names.join(', ')}; build it with nstack build`;
  return { code, message: `there is no service ${name}`, hint };
}

/** `acme/Demo.NumChars:0.1.0.numChars` reads as a path; its parts are those of a name. */
function splitPath({ system, path }: Path): {
  readonly name: string;
  readonly version?: string;
  readonly member?: string;
} {
  const [, name = path, version, member] =
    /^([^:]*):([0-9]+\.[0-9]+\.[0-9]+(?:-SNAPSHOT|-[0-9A-Za-z.-]+)?)(?:\.([A-Za-z_][A-Za-z0-9_]*))?$/.exec(
      path,
    ) ?? [];
  return {
    name: `${system}/${name}`,
    ...(version === undefined ? {} : { version }),
    ...(member === undefined ? {} : { member }),
  };
}
