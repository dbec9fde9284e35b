import { execFileSync } from 'node:child_process';
import { fileURLToPath } from 'node:url';

/** Bundles dist/ once before the tests, because several of them run the programs as a user would. */
export default function setup(): void {
  const root = fileURLToPath(new URL('../..', import.meta.url));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: root, stdio: 'inherit' });
}
