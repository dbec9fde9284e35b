import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { renderTemplate } from './render-template.ts';

const schema = 'https://unpkg.com/nstack/schema/nstack.schema.json';

/** The files of a new service of that name, from the templates in a folder. */
export async function renderSkeleton(
  name: string,
  folder: string,
): Promise<readonly { readonly path: string; readonly content: string }[]> {
  const names = (await readdir(folder)).sort();
  return Promise.all(
    names.map(async (path) => ({
      path,
      content: renderTemplate(await readFile(join(folder, path), 'utf8'), { name, schema }),
    })),
  );
}
