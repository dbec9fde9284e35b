import { readFile } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import type { RegistrySources } from './ask-registry.ts';

const central = 'https://repo.maven.apache.org/maven2';

/** The released versions of `group:artifact` in Maven Central, or in the mirror of it that this machine's settings.xml names, newest first. */
export function mavenVersions({ ask, env }: RegistrySources) {
  let repository: Promise<string> | undefined;
  return async (name: string): Promise<readonly string[]> => {
    repository ??= mirror(env);
    const [group = '', artifact = ''] = name.split(':');
    const text = await ask(
      `${await repository}/${group.replaceAll('.', '/')}/${artifact}/maven-metadata.xml`,
    );
    const versions = [...(text ?? '').matchAll(/<version>\s*([^<\s]+)\s*<\/version>/g)].map(
      ([, version = '']) => version,
    );
    return versions
      .filter((version) => !/(?:alpha|beta|[-.](?:m|rc|cr|ea|pre)[-.\d]|snapshot)/i.test(version))
      .sort((a, b) => compareVersions(b, a));
  };
}

async function mirror(env: NodeJS.ProcessEnv): Promise<string> {
  const settings = await readFile(join(env.HOME || homedir(), '.m2/settings.xml'), 'utf8').catch(() => '');
  const mirrors = settings.match(/<mirror>[\s\S]*?<\/mirror>/g) ?? [];
  const serving = mirrors.find(
    (text) => /<mirrorOf>[^<]*(?:\*|central)[^<]*<\/mirrorOf>/.test(text) && !/!central/.test(text),
  );
  const [, url] = /<url>\s*([^<\s]+?)\/*\s*<\/url>/.exec(serving ?? '') ?? [];
  return url ?? central;
}

/** By numbers and words in turn; a version goes before the same one with a word behind it, such as 1.0-android. */
function compareVersions(a: string, b: string): number {
  const [left, right] = [a, b].map((version) => version.split(/[.\-_]|(?<=\d)(?=[a-z])|(?<=[a-z])(?=\d)/i));
  for (let at = 0; at < Math.max(left?.length ?? 0, right?.length ?? 0); at++) {
    const [x = '0', y = '0'] = [left?.[at], right?.[at]];
    const [isX, isY] = [/^\d+$/.test(x), /^\d+$/.test(y)];
    const order =
      isX && isY ? Number(x) - Number(y) : isX !== isY ? Number(isX) - Number(isY) : x.localeCompare(y, 'en');
    if (order !== 0) return order;
  }
  return 0;
}
