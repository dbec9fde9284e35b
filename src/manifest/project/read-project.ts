import { readFile, stat } from 'node:fs/promises';
import { join, posix, relative } from 'node:path';
import { type Diagnostic, NstackError, nearestWord } from '../../core/index.ts';
import { decodeSource, type TextKind } from '../decode-source.ts';
import { manifestName } from '../read-manifest.ts';
import type { Reporter } from '../reporter.ts';
import { pathFault } from '../safe-path.ts';
import { show } from '../value-words.ts';
import { yamlReporter } from '../yaml-reporter.ts';
import { readYaml } from '../yaml-value.ts';
import { isFile, projectName } from './is-project.ts';

/** What an nstack-project.yaml says: the folders of services that are built together. */
export interface Project {
  /** Absolute path of its folder. */
  readonly root: string;
  /** Path of the file as the user would type it. */
  readonly file: string;
  readonly text: string;
  /** Paths below the project's folder, in the order of the file; each holds an nstack.yaml. `.` is the project's own folder. */
  readonly modules: readonly string[];
}

export const projectText: TextKind = {
  noun: 'a project file',
  quotable: true,
  hints: {
    tooLarge: 'a project file holds the names of folders alone',
    severalDocuments: 'a project is one folder with one nstack-project.yaml',
  },
};

/** Reads and checks a project's file. Fails with `file-unreadable`, or with `manifest-invalid`, which carries every fault. */
export async function readProject(root: string, cwd: string = process.cwd()): Promise<Project> {
  const path = join(root, projectName);
  const shown = relative(cwd, path);
  const file = shown === '' || shown.startsWith('..') ? path : shown;
  const bytes = await readFile(path).catch((cause: unknown) => {
    throw new NstackError('file-unreadable', `${file} cannot be read`, { cause });
  });
  const source = decodeSource(bytes, file, projectText);
  if (!('text' in source)) throw invalid(file, source);
  const yaml = readYaml(source);
  if (yaml === undefined) throw invalid(file, source.findings.diagnostics);
  const reporter = yamlReporter(source, yaml);
  const modules = await checkedModules(root, yaml.value, reporter);
  if (reporter.diagnostics.length > 0) throw invalid(file, reporter.diagnostics);
  return { root, file, text: source.text, modules };
}

async function checkedModules(root: string, value: unknown, reporter: Reporter): Promise<readonly string[]> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reporter.report([], 'wrong-value', `a project file must be a mapping, found ${show(value)}`, {
      hint: usual,
    });
    return [];
  }
  for (const key of Object.keys(value)) {
    if (key === 'modules') continue;
    const hint =
      nearestWord(key, ['modules']) === undefined ? 'the one key is modules' : 'did you mean "modules"?';
    reporter.report([key], 'unknown-key', `unknown key ${show(key)}`, { hint, at: 'key' });
  }
  if (!('modules' in value)) {
    if (Object.keys(value).length === 0)
      reporter.report([], 'missing-key', 'the key modules is missing', { hint: usual });
    return [];
  }
  const { modules } = value;
  if (!Array.isArray(modules) || modules.length === 0) {
    reporter.report(
      ['modules'],
      'wrong-value',
      `modules must be a list of folders, found ${Array.isArray(modules) ? 'an empty one' : show(modules)}`,
      { hint: usual },
    );
    return [];
  }
  const checked: string[] = [];
  for (const [index, module] of modules.entries()) {
    const fault = await moduleFault(root, module, checked);
    if (fault === undefined) checked.push(normal(String(module)));
    else reporter.report(['modules', index], 'bad-module', fault.message, { hint: fault.hint });
  }
  return checked;
}

const usual = 'it is a list of folders: modules: [framework, clean, score]';

async function moduleFault(
  root: string,
  module: unknown,
  before: readonly string[],
): Promise<{ readonly message: string; readonly hint?: string } | undefined> {
  if (typeof module !== 'string' || module === '')
    return { message: `a module must be the path of a folder, found ${show(module)}` };
  const fault = pathFault(module)?.replace(manifestName, projectName);
  if (fault !== undefined) return { message: `modules: ${show(module)} ${fault}` };
  const path = normal(module);
  if (before.includes(path)) return { message: `the folder ${show(path)} stands in modules twice` };
  if (await isFile(join(root, path, manifestName))) return undefined;
  const there = await stat(join(root, path)).catch(() => undefined);
  if (there?.isDirectory() === true)
    return {
      message: `the folder ${show(path)} holds no ${manifestName}`,
      hint: `begin a service in it: nstack init ${path}`,
    };
  return { message: `there is no folder ${show(path)}`, hint: `begin a service in it: nstack init ${path}` };
}

function normal(path: string): string {
  return posix.normalize(path).replace(/(.)\/$/, '$1');
}

function invalid(file: string, diagnostics: readonly Diagnostic[]): NstackError {
  const count = diagnostics.length === 1 ? 'one fault' : `${diagnostics.length} faults`;
  return new NstackError('manifest-invalid', `${file} has ${count}`, { diagnostics });
}
