import { readFile, realpath } from 'node:fs/promises';
import { dirname, join, posix, relative, sep } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { ServiceFolder } from '../stack.ts';

/** A requirements file for pip; `path` is relative to the folder that pip runs in. */
export interface RequirementsFile {
  readonly path: string;
  readonly text: string;
}

export interface Requirements {
  /** Files that pip is given. */
  readonly given: readonly string[];
  /** These, and the files that they include. */
  readonly files: readonly RequirementsFile[];
  /** The author's own files that ask for something, as far as they do; nstack.yaml apart. */
  readonly sources: readonly RequirementsFile[];
}

/**
 * What a service asks of PyPI: the `pip:` entries of `packages`, `[project] dependencies` of pyproject.toml, and requirements.txt with the
 * files it includes. Fails with `file-missing` or `file-unreadable`.
 */
export async function readRequirements(service: ServiceFolder): Promise<Requirements> {
  const requests = service.manifest.packages.filter(({ system }) => system === 'pip');
  const project = await projectDependencies(service);
  const own = [...requests.map(({ spec }) => spec), ...project];
  const included = await requirementsFiles(service);
  const nstack = { path: 'nstack-requirements.txt', text: own.map((line) => `${line}\n`).join('') };
  return {
    given: [...(own.length > 0 ? [nstack.path] : []), ...(included.length > 0 ? ['requirements.txt'] : [])],
    files: [...(own.length > 0 ? [nstack] : []), ...included],
    sources: [
      ...(project.length > 0 ? [{ path: 'pyproject.toml', text: project.join('\n') }] : []),
      ...included,
    ],
  };
}

async function projectDependencies(service: ServiceFolder): Promise<readonly string[]> {
  const text = await readOptional(join(service.root, 'pyproject.toml'));
  if (text === undefined) return [];
  const { parse } = await import('smol-toml');
  let dependencies: unknown;
  try {
    const { project } = parse(text);
    dependencies = typeof project === 'object' && 'dependencies' in project ? project.dependencies : [];
  } catch (cause) {
    throw new NstackError(
      'file-unreadable',
      `pyproject.toml: ${cause instanceof Error ? cause.message : cause}`,
      {
        cause,
      },
    );
  }
  if (!Array.isArray(dependencies)) throw noRequirement(dependencies);
  return dependencies.map((line: unknown) => {
    if (typeof line === 'string' && /^[A-Za-z0-9][^\r\n]*$/.test(line)) return line;
    throw noRequirement(line);
  });
}

function noRequirement(value: unknown): NstackError {
  return new NstackError(
    'file-unreadable',
    `pyproject.toml: ${JSON.stringify(value)} in [project] dependencies is not a requirement`,
    { hint: 'write a list of texts such as ["numpy>=2"]' },
  );
}

/** requirements.txt and the files that its `-r` and `-c` lines name, each once; none where it asks for nothing. */
async function requirementsFiles(service: ServiceFolder): Promise<readonly RequirementsFile[]> {
  const files = new Map<string, RequirementsFile>();
  const waiting = ['requirements.txt'];
  for (let path = waiting.pop(); path !== undefined; path = waiting.pop()) {
    if (files.has(path)) continue;
    const text = await readInside(service.root, path);
    if (text === undefined && path === 'requirements.txt') return [];
    if (text === undefined)
      throw new NstackError('file-missing', `requirements.txt includes "${path}", which is not there`);
    files.set(path, { path, text });
    for (const included of includes(text)) waiting.push(posix.join(posix.dirname(path), included));
  }
  const lines = [...files.values()].flatMap(({ text }) => text.split('\n'));
  return lines.every((line) => /^\s*(#|$)/.test(line))
    ? []
    : [...files.values()].sort((a, b) => (a.path < b.path ? -1 : 1));
}

function includes(text: string): readonly string[] {
  const found = text.matchAll(/^[ \t]*(?:-r|-c|--requirement|--constraint)[ \t=]+([^\s#]+)/gm);
  return [...found].map(([, path = '']) => path).filter((path) => !/^[a-z]+:\/\//i.test(path));
}

/** Reads a file that must stand below the service's folder, links followed. */
async function readInside(root: string, path: string): Promise<string | undefined> {
  const file = join(root, path);
  const real = await realpath(file).catch(() => undefined);
  if (real === undefined) return undefined;
  const inside = relative(await realpath(root), dirname(real));
  if (inside.split(sep)[0] === '..' || path.startsWith('/'))
    throw new NstackError(
      'file-unreadable',
      `requirements.txt includes "${path}", which is outside the service's folder`,
    );
  return readOptional(file);
}

async function readOptional(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch (cause) {
    if (cause instanceof Error && 'code' in cause && cause.code === 'ENOENT') return undefined;
    throw new NstackError('file-unreadable', `${file} cannot be read`, { cause });
  }
}
