import { readdir, stat } from 'node:fs/promises';
import { dirname, join, posix } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { readCodeText } from '../code/code-text.ts';
import type { ServiceFolder } from '../stack.ts';

/** Where Maven projects keep their Java. */
export const mavenRoot = 'src/main/java';

const fileName = 'Service.java';

/** The file of a Java service that holds its functions, and what its place and its package line mean. */
export interface JavaEntry {
  /** A path below the service's folder, such as `src/main/java/com/acme/Service.java`. */
  readonly path: string;
  /** The folder that packages begin in, a path below the service's folder: `` or `src/main/java`. */
  readonly sourceRoot: string;
  /** As the file's package line says: `com.acme`; empty where there is none. */
  readonly packageName: string;
  /** The package and the name of the file: `com.acme.Service`. */
  readonly className: string;
}

/**
 * The path of a Java service's code below its folder: `entry` of the manifest, else Service.java, else src/main/java/Service.java, else the
 * one Service.java in a package below src/main/java. Fails with `file-missing`, or `manifest-invalid` where there are several.
 */
export async function entryOf({ root, manifest }: ServiceFolder): Promise<string> {
  if (manifest.entry !== undefined) return posix.normalize(manifest.entry);
  for (const path of [fileName, `${mavenRoot}/${fileName}`]) if (await isFile(join(root, path))) return path;
  const found = await servicesBelow(join(root, mavenRoot));
  const [path] = found;
  if (path === undefined)
    throw new NstackError(
      'file-missing',
      `${manifest.name} has no code: there is no ${fileName} in ${root}, and none below ${mavenRoot}`,
      { hint: 'write the code there, or say in nstack.yaml where it is: `entry: PATH`' },
    );
  if (found.length === 1) return path;
  throw new NstackError(
    'manifest-invalid',
    `${manifest.name} has several files ${fileName}: ${found.join(', ')}`,
    { hint: `say in nstack.yaml which one holds its functions: \`entry: ${path}\`` },
  );
}

/** The same, and what it means. Fails with `file-unreadable` too. */
export async function javaEntry(service: ServiceFolder): Promise<JavaEntry> {
  const path = await entryOf(service);
  if (!path.endsWith('.java'))
    throw new NstackError('manifest-invalid', `entry: ${path} is no Java file`, {
      hint: 'name the file of the class whose methods are served, such as Service.java',
    });
  const shown = join(dirname(service.manifestFile), path);
  const text = await readCodeText(join(service.root, path), shown, service.manifest.name);
  const packageName = packageOf(text);
  const simpleName = posix.basename(path, '.java');
  return {
    path,
    sourceRoot: sourceRootOf(path, packageName),
    packageName,
    className: packageName === '' ? simpleName : `${packageName}.${simpleName}`,
  };
}

/** What the package line of a Java file says; empty where it has none. */
export function packageOf(text: string): string {
  const code = text.replace(/^\uFEFF?(?:\s+|\/\/.*|\/\*[\s\S]*?\*\/)*/, '');
  const [, name = ''] = /^package\s+([\p{L}\p{N}_$.\s]+);/u.exec(code) ?? [];
  return name.replaceAll(/\s+/g, '');
}

/**
 * Maven's root where the file is below it; else its folder without those of the package; a file that stands outside the folders of its package, as
 * a single file may, is at the root itself.
 */
function sourceRootOf(path: string, packageName: string): string {
  if (path.startsWith(`${mavenRoot}/`)) return mavenRoot;
  const folder = posix.dirname(path) === '.' ? '' : posix.dirname(path);
  const tail = packageName.replaceAll('.', '/');
  if (folder === tail) return '';
  return tail !== '' && folder.endsWith(`/${tail}`) ? folder.slice(0, -tail.length - 1) : folder;
}

async function servicesBelow(folder: string): Promise<readonly string[]> {
  const entries = await readdir(folder, { recursive: true }).catch(() => []);
  return entries
    .filter((path) => posix.basename(path) === fileName)
    .map((path) => posix.join(mavenRoot, path))
    .sort();
}

async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
