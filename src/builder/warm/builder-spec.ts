import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { packageRoot } from '../../core/index.ts';
import type { BuilderSpec } from '../../engine/index.ts';
import type { CompileRecipe } from '../../stacks/index.ts';

export interface WarmOptions {
  /** True name of the service. */
  readonly service: string;
  /** Id of the toolchain's image. */
  readonly toolchain: string;
  readonly workdir: string;
  /** Bytes, count. */
  readonly limits: { readonly memory: number; readonly pids: number };
}

/** Seconds after which a builder that nobody asks ends, and that one compilation may take. */
const idle = 600;
const longest = 1_800;

/**
 * The builder of a service: named after all that decides what it does, the toolchain's image first of all, and after the user, so that what one has compiled never serves
 * another. What changes from build to build is in its requests.
 */
export async function builderSpec(
  { command, warmCommand = [], env }: CompileRecipe,
  { service, toolchain, workdir, limits }: WarmOptions,
): Promise<BuilderSpec> {
  const script = await readFile(join(packageRoot(), 'templates/warm/serve.sh'), 'utf8');
  const numbers = [idle, longest, command.length].map(String);
  const all = ['/bin/bash', '-c', script, 'serve', ...numbers, ...command, ...warmCommand];
  const key = JSON.stringify([service, toolchain, workdir, limits, env, all, process.getuid?.() ?? 0]);
  return {
    name: `nstack-builder-${createHash('sha256').update(key).digest('hex').slice(0, 24)}`,
    service,
    image: toolchain,
    command: all,
    env,
    workdir,
    limits,
  };
}
