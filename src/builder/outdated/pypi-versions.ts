import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { admitsPythonVersion, comparePythonVersions, isPythonPreRelease } from '../../stacks/index.ts';
import { listIn, type RegistrySources } from './ask-registry.ts';

const official = 'https://pypi.org/simple';

/** The Python of the base image: files for others are none for it. */
const python = '3.13';
/** File systems take no longer ones. */
const longestFilename = 255;

/** The versions of a package in the index that this machine's pip is set to, newest first; pre-releases only where one is locked. */
export function pypiVersions({ ask, env }: RegistrySources) {
  let index: Promise<string> | undefined;
  return async (name: string, locked: string): Promise<readonly string[]> => {
    index ??= pipIndex(env);
    const url = `${await index}/${name}/`;
    const text = await ask(url, 'application/vnd.pypi.simple.v1+json, text/html;q=0.5');
    const versions =
      text === undefined
        ? []
        : [
            ...new Set(
              text.startsWith('{') ? fromJson(name, listIn(url, text, 'files')) : fromHtml(name, text),
            ),
          ];
    return versions
      .filter((version) => isPythonPreRelease(locked) || !isPythonPreRelease(version))
      .sort((a, b) => comparePythonVersions(b, a));
  };
}

/** As pip finds it: PIP_INDEX_URL, else `index-url` of its configuration files, the user's before the machine's. */
async function pipIndex(env: NodeJS.ProcessEnv): Promise<string> {
  const config = env.XDG_CONFIG_HOME || join(homedir(), '.config');
  const files = [
    env.PIP_CONFIG_FILE,
    join(config, 'pip/pip.conf'),
    join(homedir(), '.pip/pip.conf'),
    '/etc/pip.conf',
  ];
  const texts = await Promise.all(files.map((file) => (file ? readFile(file, 'utf8').catch(() => '') : '')));
  const configured = texts
    .map((text) => /^\s*index[-_]url\s*[=:]\s*(\S+)/m.exec(text)?.[1])
    .find((url) => url !== undefined);
  return (env.PIP_INDEX_URL || configured || official).replace(/\/+$/, '');
}

/** https://packaging.python.org/en/latest/specifications/simple-repository-api/ */
interface SimpleFile {
  readonly filename?: unknown;
  readonly 'requires-python'?: unknown;
  /** False, or the reason. */
  readonly yanked?: unknown;
}

function fromJson(name: string, files: readonly unknown[]): readonly string[] {
  return files.flatMap((file) => {
    const { filename, yanked = false, 'requires-python': wanted = '' }: SimpleFile = Object(file);
    return yanked === false && admitsPythonVersion(String(wanted ?? ''), python) !== false
      ? versionOf(name, String(filename))
      : [];
  });
}

function fromHtml(name: string, text: string): readonly string[] {
  return [...text.matchAll(/<a\s([^>]*)>\s*([^<]*?)\s*<\/a>/g)].flatMap(
    ([, attributes = '', filename = '']) => {
      const [, wanted = ''] = /data-requires-python="([^"]*)"/.exec(attributes) ?? [];
      const specifiers = wanted.replaceAll('&gt;', '>').replaceAll('&lt;', '<');
      return /data-yanked/.test(attributes) || admitsPythonVersion(specifiers, python) === false
        ? []
        : versionOf(name, filename);
    },
  );
}

/** `six-1.17.0-py2.py3-none-any.whl`, `six-1.17.0.tar.gz`: names of files write - as _ or as it is. */
function versionOf(name: string, filename: string): readonly string[] {
  if (filename.length > longestFilename) return [];
  const sourceOrWheel = /^(.+?)-(\d[^-]*?)(?:-[^/]*\.whl|\.tar\.gz|\.zip|\.tar\.bz2)$/i.exec(filename);
  const [, project = '', version] = sourceOrWheel ?? [];
  return version !== undefined && project.toLowerCase().replaceAll(/[-_.]+/g, '-') === name ? [version] : [];
}
