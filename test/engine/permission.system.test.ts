import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import { root } from '../support/nstack.ts';

// Becoming another user takes root; as anybody else, the tests themselves speak to the engine and cannot be refused.
test.runIf(process.getuid?.() === 0)('a user whom the engine refuses is told which group may', async () => {
  const program = `
    const { connectEngine } = await import(${JSON.stringify(join(root, 'src/engine/index.ts'))});
    await import('dockerode');
    process.setgroups([]);
    process.setgid(65534);
    process.setuid(65534);
    await connectEngine().catch(({ code, message, hint }) => console.log(JSON.stringify({ code, message, hint })));
  `;
  const { DOCKER_HOST: _, ...env } = process.env;
  const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '--eval', program], {
    cwd: root,
    env,
  });
  expect(JSON.parse(stdout)).toEqual({
    code: 'permission',
    message: 'this user may not speak to the container engine at /var/run/docker.sock',
    hint: 'Join the group that may: `sudo usermod -aG docker "$USER"`, then log in again.',
  });
});
