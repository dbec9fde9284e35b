import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { parse } from 'yaml';
import { connectRegistry } from '../../src/registry/index.ts';
import { temporaryFolder } from '../builder/support/temporary-folder.ts';
import { docker, program, root } from '../support/nstack.ts';
import { registryUser, startRegistry } from '../support/registry.ts';

// The recipes of docs/ci.md are read as GitHub and GitLab read them, and their own commands run, against a registry of this machine in place of theirs. What belongs to those
// systems (checkout, a Node of their own, npm's registry) is left out: those words stand for steps that end with 0 here.

interface Recipe {
  readonly commands: readonly string[];
  readonly env: Readonly<Record<string, string>>;
}

async function recipe(name: string): Promise<string> {
  const text = await readFile(join(root, 'docs/ci.md'), 'utf8');
  const [, block] = new RegExp(`^\`\`\`yaml recipe=${name}\\n([\\s\\S]*?)^\`\`\`$`, 'm').exec(text) ?? [];
  return block ?? '';
}

interface GithubStep {
  readonly run?: string;
  readonly if?: string;
}

async function github(registry: string): Promise<Recipe> {
  const { jobs } = parse(await recipe('github'));
  const steps: readonly GithubStep[] = jobs.build.steps;
  const values: Readonly<Record<string, string>> = {
    'github.repository': 'acme/greeter',
    'github.actor': registryUser.username,
    'secrets.GITHUB_TOKEN': registryUser.password,
  };
  const filled = (text: string) =>
    text
      .replaceAll(/\$\{\{ ([\w.]+) \}\}/g, (_, word: string) => values[word] ?? '')
      .replaceAll('ghcr.io', registry);
  return {
    commands: steps
      .filter((step) => step.if === undefined || step.if === "github.event_name == 'push'")
      .flatMap(({ run }) => (run === undefined ? [] : [filled(run)])),
    env: { NSTACK_REGISTRY: filled(jobs.build.env.NSTACK_REGISTRY), GITHUB_ACTIONS: 'true' },
  };
}

async function gitlab(registry: string): Promise<Recipe> {
  const { services } = parse(await recipe('gitlab'));
  return {
    commands: [...services.before_script, ...services.script],
    env: {
      CI_REGISTRY: registry,
      CI_REGISTRY_USER: registryUser.username,
      CI_REGISTRY_PASSWORD: registryUser.password,
      NSTACK_REGISTRY: services.variables.NSTACK_REGISTRY.replace(
        '$CI_REGISTRY_IMAGE',
        `${registry}/acme/greeter`,
      ),
    },
  };
}

/** A checkout of a small service, and a home of its own, with `nstack` and an `npm` that installs nothing on the path. */
async function run({ commands, env }: Recipe, name: string) {
  const folder = await temporaryFolder();
  await mkdir(join(folder, 'bin'));
  await symlink(program, join(folder, 'bin/nstack'));
  await writeFile(join(folder, 'bin/npm'), '#!/bin/sh\n', { mode: 0o755 });
  await writeFile(
    join(folder, 'nstack.yaml'),
    `name: ${name}\nstack: python\napi: |\n  greet : Text -> Text\n`,
  );
  await writeFile(join(folder, 'service.py'), 'def greet(name: str) -> str:\n    return f"Hello, {name}"\n');
  const summary = join(folder, 'summary.md');
  await writeFile(summary, '');
  const result = await new Promise<{ readonly code: number; readonly output: string }>((resolve) => {
    execFile(
      'bash',
      ['-euxc', commands.join('\n')],
      {
        cwd: folder,
        env: {
          PATH: [join(folder, 'bin'), dirname(process.execPath), process.env.PATH].join(':'),
          HOME: folder,
          XDG_CACHE_HOME: join(folder, '.cache'),
          CI: 'true',
          GITHUB_STEP_SUMMARY: summary,
          ...env,
        },
      },
      (error, stdout, stderr) => resolve({ code: error === null ? 0 : 1, output: `${stdout}${stderr}` }),
    );
  });
  return { ...result, summary: await readFile(summary, 'utf8') };
}

describe('the recipe for', () => {
  it.each([
    ['GitHub Actions', github, 'ci.github'],
    ['GitLab', gitlab, 'ci.gitlab'],
  ] as const)('%s builds a service, fills the cache and pushes', async (_, read, name) => {
    onTestFinished(async () => void (await docker('rmi', `nstack/${name}:0.0.1-SNAPSHOT`)));
    const address = await startRegistry({ passwords: true });
    const { code, output, summary } = await run(await read(address), name);
    expect(code, output).toBe(0);
    const registry = connectRegistry(address, {
      credentials: { kind: 'password', ...registryUser },
      signal: AbortSignal.timeout(30_000),
      env: {},
    });
    expect(await registry.repositories()).toEqual(['acme/greeter/cache', `acme/greeter/${name}`]);
    expect(await registry.tags('acme/greeter/cache')).toContain('base-trixie');
    expect(summary).toContain(name);
    expect(output).not.toContain('\u001b[');
    expect(output).not.toContain(`${registryUser.password}"`);
  });
});
