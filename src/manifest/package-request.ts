import { nearestWord } from '../core/index.ts';
import type { PackageRequest } from './manifest.ts';

/** How the names of each system's packages look, and an example that shows it. */
const systems = {
  os: { pattern: /^[a-z0-9][a-z0-9+.-]*$/, example: 'libsvm' },
  apt: {
    pattern: /^[a-z0-9][a-z0-9+.-]*(?:=[0-9][A-Za-z0-9.+:~-]*)?$/,
    example: 'apt:ffmpeg or apt:ffmpeg=7:7.1-3',
  },
  pip: {
    pattern:
      /^[A-Za-z0-9]+(?:[._-]+[A-Za-z0-9]+)*(?:\[[A-Za-z0-9._-]+(?:,[A-Za-z0-9._-]+)*\])?(?:(?:===?|[<>~!]=|[<>])[0-9][A-Za-z0-9.*+!_-]*(?:,(?:===?|[<>~!]=|[<>])[0-9][A-Za-z0-9.*+!_-]*)*)?$/,
    example: 'pip:numpy, pip:numpy>=2 or pip:uvicorn[standard]>=0.30,<1',
  },
  maven: {
    pattern: /^[A-Za-z0-9_][A-Za-z0-9._-]*(?::[A-Za-z0-9_][A-Za-z0-9._+-]*){1,4}$/,
    example: 'maven:org.apache.commons:commons-math3:3.6.1',
  },
  hackage: {
    pattern:
      /^[A-Za-z0-9]+(?:-[A-Za-z0-9]+)*(?:(?:==|\^>=|[<>]=?)[0-9][0-9.*]*(?:&&(?:==|\^>=|[<>]=?)[0-9][0-9.*]*)*)?$/,
    example: 'hackage:vector or hackage:vector>=0.13&&<0.14',
  },
} as const;

type Fault = { readonly message: string; readonly hint?: string };

/**
 * One entry of `packages`: a system and what it is asked for. What is accepted holds no white space, begins with no
 * hyphen, and is made of the signs that the system's own names and versions have, so that no tool takes it for an option.
 */
export function parsePackage(text: string): Pick<PackageRequest, 'system' | 'spec'> | Fault {
  const colon = text.indexOf(':');
  const prefix = colon === -1 ? undefined : text.slice(0, colon);
  const system = prefix ?? 'os';
  const spec = prefix === undefined ? text : text.slice(colon + 1);
  if (!isSystem(system) || prefix === 'os') return unknownPrefix(prefix ?? '', spec);
  const { pattern, example } = systems[system];
  if (pattern.test(spec)) return { system, spec };
  return { message: `${JSON.stringify(text)} is no name of a package`, hint: hintFor(system, spec, example) };
}

function isSystem(text: string): text is keyof typeof systems {
  return Object.hasOwn(systems, text);
}

function unknownPrefix(prefix: string, spec: string): Fault {
  const prefixes = ['apt', 'pip', 'maven', 'hackage'];
  const nearest = nearestWord(prefix, prefixes);
  const hint =
    nearest === undefined
      ? `the prefixes are ${prefixes.map((name) => `${name}:`).join(', ')}`
      : `did you mean "${nearest}:${spec}"?`;
  return { message: `${JSON.stringify(`${prefix}:`)} is no prefix of packages`, hint };
}

function hintFor(system: keyof typeof systems, spec: string, example: string): string {
  if (/\s/.test(spec)) return `write it without spaces, such as ${example}`;
  if (system === 'pip' && spec.includes('@')) return 'a package from a URL belongs in requirements.txt';
  if (system !== 'os') return `write it like ${example}`;
  if (spec.startsWith('-')) return 'options of a tool have no place here';
  if (/^[A-Za-z0-9._-]+[<>=~!]/.test(spec)) {
    return `a bare name is an OS package and has no version; did you mean "pip:${spec}"?`;
  }
  return /[A-Z]/.test(spec)
    ? `a bare name is an OS package, in lower case; a package of a language has a prefix, such as "pip:${spec}"`
    : `write it like ${example}`;
}
