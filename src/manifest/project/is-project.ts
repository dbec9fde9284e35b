import { stat } from 'node:fs/promises';
import { join } from 'node:path';

export const projectName = 'nstack-project.yaml';

/** Whether a folder is that of a project: one question to the file system. */
export async function isProject(root: string): Promise<boolean> {
  return isFile(join(root, projectName));
}

export async function isFile(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isFile(),
    () => false,
  );
}
