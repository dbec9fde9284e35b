import { readdir, readFile, stat } from 'node:fs/promises';
import { join, posix } from 'node:path';
import { expandFiles } from '../../manifest/index.ts';
import { codeFile } from '../service-files.ts';
import type { ImageFile, ServiceFolder } from '../stack.ts';
import { type JavaEntry, mavenRoot } from './entry.ts';

const sourceFolder = '/build/src';
const resourceFolder = '/build/resources';
const mavenResources = 'src/main/resources';

/**
 * What is compiled, at its places in the toolchain's container: the entry, and the author's other Java beside it. In Maven's layout that is
 * all below src/main/java, and src/main/resources comes along; elsewhere the files in the entry's own folder, and in the folders of its package. Fails with
 * `file-missing` or `file-unreadable`.
 */
export async function javaSources(service: ServiceFolder, entry: JavaEntry): Promise<readonly ImageFile[]> {
  // Before the others: it may be missing, or outside the folder, and the words for that are its own.
  await codeFile(service, entry.path, '/');
  const [sources, resources] = await Promise.all([
    sourceFiles(service, entry),
    filesBelow(service, [mavenResources]),
  ]);
  return [
    ...sources.map(({ path, absolute }) => imageFile(sourceFolder, below(path, entry.sourceRoot), absolute)),
    ...resources.map(({ path, absolute }) =>
      imageFile(resourceFolder, below(path, mavenResources), absolute),
    ),
  ];
}

/** The entry's path below the folder that sources are put in. */
export function entryInSources({ path, sourceRoot }: JavaEntry): string {
  return below(path, sourceRoot);
}

async function sourceFiles(service: ServiceFolder, { path, sourceRoot, packageName }: JavaEntry) {
  const isMaven = sourceRoot === mavenRoot;
  const folder = posix.dirname(path);
  const [top = ''] = packageName.split('.');
  const beside = isMaven
    ? []
    : (await readdir(join(service.root, folder))).map((name) => posix.join(folder, name));
  const paths = isMaven
    ? [sourceRoot]
    : [
        ...beside.filter((file) => file.endsWith('.java')),
        ...(top === '' ? [] : [posix.join(sourceRoot, top)]),
      ];
  const found = await filesBelow(service, paths);
  // A module's descriptor would shut out what lies on the class path, nstack's own library among it.
  const java = found.filter(
    (file) => file.path.endsWith('.java') && posix.basename(file.path) !== 'module-info.java',
  );
  const kept = await Promise.all(
    java.map(async (file) => isMaven || file.path === path || !(await isTest(file))),
  );
  return java.filter((_, index) => kept[index]);
}

/** Beside the code, tests are what is called so and names a library for tests; in Maven's layout they have a folder of their own. */
async function isTest({
  path,
  absolute,
}: {
  readonly path: string;
  readonly absolute: string;
}): Promise<boolean> {
  if (!/(?:Test|Tests|TestCase)\.java$/.test(path)) return false;
  return /^\s*import\s+(?:static\s+)?(?:org\.junit|org\.testng|io\.nstack\.testing)\b/m.test(
    await readFile(absolute, 'utf8'),
  );
}

/** What is there of files, and below folders, by their paths. */
async function filesBelow(service: ServiceFolder, paths: readonly string[]) {
  const there = await Promise.all(paths.map((path) => holdsFiles(join(service.root, path))));
  const wanted = paths.filter((_, index) => there[index]);
  return wanted.length === 0 ? [] : expandFiles(service.root, wanted);
}

/** `files` of a manifest may not match nothing; a folder for sources or resources may be empty, or not there. */
async function holdsFiles(path: string): Promise<boolean> {
  const status = await stat(path).catch(() => undefined);
  if (status === undefined) return false;
  if (!status.isDirectory()) return true;
  const entries = await readdir(path, { withFileTypes: true, recursive: true });
  return entries.some((entry) => !entry.isDirectory());
}

function imageFile(folder: string, path: string, file: string): ImageFile {
  return { path: posix.join(folder, path), content: { file }, mode: 0o644 };
}

function below(path: string, root: string): string {
  return root === '' ? path : path.slice(root.length + 1);
}
