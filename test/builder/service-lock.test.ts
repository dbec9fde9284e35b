import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { describe, expect, it, onTestFinished } from 'vitest';
import { withServiceLock } from '../../src/builder/service-lock.ts';

const never = new AbortController().signal;
const ignore = { onWait: () => {}, signal: never };

/** Another process that holds the lock until it is killed. */
async function holder(name: string) {
  const script = new URL('support/hold-lock.ts', import.meta.url).pathname;
  const child = spawn(process.execPath, [script, name], { stdio: ['ignore', 'pipe', 'inherit'] });
  onTestFinished(() => {
    child.kill('SIGKILL');
  });
  await once(createInterface(child.stdout), 'line');
  return child;
}

describe('the lock of a service', () => {
  it('lets one build at a time go on, and each in the end', async () => {
    const name = randomUUID();
    let inside = 0;
    let most = 0;
    const build = () =>
      withServiceLock(name, ignore, async () => {
        most = Math.max(most, ++inside);
        await new Promise(setImmediate);
        inside--;
      });
    await Promise.all(Array.from({ length: 20 }, build));
    expect(most).toBe(1);
  });

  it('does not keep builds of other services waiting', async () => {
    const done = await withServiceLock(randomUUID(), ignore, () =>
      withServiceLock(randomUUID(), ignore, async () => 'done'),
    );
    expect(done).toBe('done');
  });

  it('is free again after work that failed', async () => {
    const name = randomUUID();
    await expect(withServiceLock(name, ignore, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await withServiceLock(name, ignore, async () => 'done')).toBe('done');
  });

  it('says which process holds it, and is free when that one is killed', async () => {
    const name = randomUUID();
    const child = await holder(name);
    const told = Promise.withResolvers<string>();
    const work = withServiceLock(name, { onWait: told.resolve, signal: never }, async () => 'done');
    expect(await told.promise).toBe(String(child.pid));
    child.kill('SIGKILL');
    expect(await work).toBe('done');
  });

  it('is not waited for any longer once the build is interrupted', async () => {
    const name = randomUUID();
    await holder(name);
    const controller = new AbortController();
    const onWait = () => controller.abort(new Error('interrupted'));
    await expect(
      withServiceLock(name, { onWait, signal: controller.signal }, async () => 'done'),
    ).rejects.toThrow('interrupted');
  });
});
