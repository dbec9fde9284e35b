import { homedir } from 'node:os';
import { isAbsolute, join, resolve } from 'node:path';
import { nearestWord } from '../../core/index.ts';
import type { Path, Reporter } from '../../manifest/index.ts';
import { pathText } from '../../manifest/value-words.ts';
import type { Reference } from './connections-file.ts';
import { isMapping } from './settings-schema.ts';

const kinds = ['env', 'file', 'command'] as const;

/** The three forms, for hints. */
export function referenceForms(name: string): string {
  const variable = name.replace(/[^A-Za-z0-9]+/g, '_').toUpperCase();
  return `write where it is: {env: ${variable}}, {file: path/to/${name}} or {command: [program, argument]}`;
}

/**
 * A reference from the value at a path: a mapping of one of `env`, `file` and `command`. Files and programs are looked for from `folder`, that of
 * the connections file. What it departs in is reported, without the text that was found: it could be the secret itself.
 */
export function readReference(
  value: unknown,
  path: Path,
  folder: string,
  reporter: Reporter,
): Reference | undefined {
  const name = pathText(path);
  const wrong = (at: Path, what: string) =>
    reporter.report(at, 'wrong-reference', what, { hint: referenceForms(String(path.at(-1))) });
  if (!isMapping(value)) {
    wrong(path, `${name} must be a reference to a secret, not the secret itself`);
    return undefined;
  }
  const names = Object.keys(value);
  const unknown = names.filter((key) => !kinds.some((kind) => kind === key));
  for (const key of unknown) {
    const nearest = nearestWord(key, kinds);
    const hint = nearest === undefined ? referenceForms(String(path.at(-1))) : `did you mean "${nearest}"?`;
    reporter.report([...path, key], 'unknown-key', `unknown key ${JSON.stringify(key)} in ${name}`, {
      hint,
      at: 'key',
    });
  }
  if (unknown.length > 0) return undefined;
  if (names.length !== 1) {
    wrong(path, `${name} must have one of env, file and command, found ${names.join(' and ') || 'none'}`);
    return undefined;
  }
  const { env, file, command } = value;
  if (env !== undefined) {
    if (typeof env === 'string' && /^[A-Za-z_][A-Za-z0-9_]*$/.test(env)) return { kind: 'env', name: env };
    wrong([...path, 'env'], `${name}.env must be the name of an environment variable`);
  } else if (file !== undefined) {
    if (typeof file === 'string' && /^[^\0]+$/.test(file))
      return { kind: 'file', path: absolute(file, folder), written: file };
    wrong([...path, 'file'], `${name}.file must be the path of a file`);
  } else {
    if (isCommand(command)) return { kind: 'command', command, folder };
    wrong([...path, 'command'], `${name}.command must be a list of texts: a program and its arguments`);
  }
  return undefined;
}

function isCommand(value: unknown): value is readonly string[] {
  const isWord = (word: unknown) => typeof word === 'string' && !word.includes('\0');
  return Array.isArray(value) && value.every(isWord) && value[0] !== undefined && value[0] !== '';
}

function absolute(path: string, folder: string): string {
  if (path.startsWith('~/')) return join(process.env.HOME || homedir(), path.slice(2));
  return isAbsolute(path) ? path : resolve(folder, path);
}

/** A reference in a few words, for lists and messages: `env KAFKA_PASSWORD`. */
export function referenceWords(reference: Reference): string {
  switch (reference.kind) {
    case 'env':
      return `env ${reference.name}`;
    case 'file':
      return `file ${reference.written}`;
    case 'command':
      return `command ${reference.command.join(' ')}`;
  }
}
