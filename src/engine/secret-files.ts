import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';

/**
 * Writes a file for each secret into a new folder of an instance's own, and answers that folder. It goes with the instance's folder. Every user may read
 * the files: the service is one of them, and the way to them leads through a folder that only this user may enter. The service may list them.
 */
export async function writeSecretFiles(
  instanceFolder: string,
  secrets: Readonly<Record<string, string>>,
): Promise<string> {
  const folder = join(instanceFolder, 'secrets');
  await mkdir(folder);
  for (const [name, text] of Object.entries(secrets)) {
    const path = join(folder, name);
    await writeFile(path, text, { flag: 'wx', mode: 0o444 });
    // Whatever the umask made of it.
    await chmod(path, 0o444);
  }
  await chmod(folder, 0o755);
  return folder;
}
