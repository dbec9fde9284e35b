import { once } from 'node:events';
import { access, mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { patience, runShell, shellService, startShell, testEngine } from '../support/engine.ts';
import { docker } from '../support/nstack.ts';

const secrets = { API_KEY: 'hunter2-api', 'key.pem': 'line 1\nline 2\n' };

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'nstack-secrets-'));
  vi.stubEnv('XDG_RUNTIME_DIR', folder);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

test('a service reads its secrets from files that it cannot change', async () => {
  const script = `ls $NSTACK_SECRETS; cat /run/secrets/API_KEY; echo; cat /run/secrets/key.pem
    stat -c %a /run/secrets/API_KEY
    for change in "echo x >/run/secrets/API_KEY" "echo x >/run/secrets/new" "rm -f /run/secrets/API_KEY" "chmod 600 /run/secrets/API_KEY"
    do sh -c "$change" 2>/dev/null && echo "changed by $change"; done; exit 0`;
  const { output, code } = await runShell(await testEngine(), script, { secrets });
  expect({ output, code }).toEqual({
    output: 'API_KEY\nkey.pem\nhunter2-api\nline 1\nline 2\n444\n',
    code: 0,
  });
});

test('secrets are in nothing that the engine shows, and go with the instance', async () => {
  const instance = await startShell(
    await testEngine(),
    'cat /run/secrets/API_KEY >/dev/null; echo ready; exec cat',
    {
      secrets,
    },
  );
  await once(instance.output, 'data');
  const shown = await Promise.all([
    docker('inspect', instance.id),
    docker('ps', '--no-trunc', '--format', '{{json .}}'),
    docker('diff', instance.id),
    docker('top', instance.id),
  ]);
  expect(shown.join('\n')).not.toMatch(/hunter2|line 1/);
  expect(JSON.parse(shown[0])[0].Mounts).toContainEqual(
    expect.objectContaining({ Destination: '/run/secrets', RW: false }),
  );
  const { Source } = JSON.parse(shown[0])[0].Mounts.find(
    ({ Destination }: { Destination: string }) => Destination === '/run/secrets',
  );
  await access(join(Source, 'API_KEY'));
  await instance.remove();
  expect(await readdir(join(folder, 'nstack'))).toEqual([]);
});

test('a service without secrets has neither the folder nor the variable', async () => {
  const { output } = await runShell(
    await testEngine(),
    'ls -d /run/secrets 2>/dev/null; echo "<$NSTACK_SECRETS>"',
  );
  expect(output).toBe('<>\n');
});

test('an engine that does not see our files says so, and starts nothing', async () => {
  const engine = await testEngine({ transport: 'attach' });
  const start = engine.startInstance(
    shellService('exec cat', { service: 'NeedsSecrets', secrets }),
    patience(),
  );
  await expect(start).rejects.toMatchObject({
    code: 'service-failed',
    message: expect.stringMatching(
      /^NeedsSecrets needs the secrets API_KEY, key\.pem, and Docker .* does not see the files/,
    ),
    hint: 'Run nstack on the machine of that engine.',
  });
  expect(await docker('ps', '-aq', '--filter', 'label=io.nstack.service=NeedsSecrets')).toBe('');
});
