import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../core/index.ts';

/**
 * The text of a Dockerfile's template, by its path below `templates`. A line `{{>NAME}}` stands for what several of them have in common, templates/parts/NAME.dockerfile,
 * so that whatever is made of the text, keys among it, knows of all of it.
 */
export async function readTemplate(path: string): Promise<string> {
  const folder = join(packageRoot(), 'templates');
  const lines = (await readFile(join(folder, path), 'utf8')).split('\n');
  const parts = lines.map((line) => {
    const [, name] = /^\{\{>([a-z-]+)\}\}$/.exec(line) ?? [];
    if (name === undefined) return line;
    return readFile(join(folder, 'parts', `${name}.dockerfile`), 'utf8').then((text) =>
      text.replace(/\n$/, ''),
    );
  });
  return (await Promise.all(parts)).join('\n');
}
