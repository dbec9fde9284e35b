import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { beforeAll, describe, expect, onTestFinished, test } from 'vitest';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { ownerLabel, serviceLabel } from '../../src/engine/index.ts';
import { runShell, startShell, testEngine } from '../support/engine.ts';
import { containersOf, docker, root } from '../support/nstack.ts';

describe('a sweep', () => {
  let engine: ContainerEngine;
  beforeAll(async () => {
    engine = await testEngine();
    await engine.sweep();
  });

  test('removes the instances of a process that was killed, and their folders, and those of no other', async () => {
    const mine = await startShell(engine, 'exec cat', { service: 'SweepMine' });
    const [killed, lives] = [await startOwner('SweepKilled'), await startOwner('SweepLives')];
    const folder = await folderOf(killed.id);
    expect(existsSync(folder)).toBe(true);
    killed.child.kill('SIGKILL');
    await once(killed.child, 'exit');
    expect(await engine.sweep()).toBe(1);
    expect(existsSync(folder)).toBe(false);
    expect(await containersOf('SweepKilled')).toEqual([]);
    expect(await containersOf('SweepLives')).toEqual([lives.id]);
    expect(await containersOf('SweepMine')).toEqual([mine.id]);
    expect(existsSync(await folderOf(lives.id))).toBe(true);
    expect(await engine.sweep()).toBe(0);
  });

  test('leaves what another machine runs, and removes what an earlier boot left', async () => {
    const elsewhere = `${ownerLabel}=00000000-0000-0000-0000-000000000000.4026531836.1.1`;
    const runs = await foreign(elsewhere, 'sleep', '1000');
    const over = await foreign(elsewhere, 'true');
    await docker('wait', over);
    expect(await engine.sweep()).toBe(1);
    expect(await containersOf('SweepForeign')).toEqual([runs]);
  });

  test('leaves containers that are not of nstack alone', async () => {
    const id = await docker('run', '-d', '--entrypoint', 'true', 'nstack/base:trixie');
    onTestFinished(() => void docker('rm', '-f', id));
    await docker('wait', id);
    await engine.sweep();
    expect(await docker('inspect', '--format', '{{.Id}}', id)).toBe(id);
  });

  test('by several processes at once fails in none', async () => {
    const owner = await startOwner('SweepRace');
    owner.child.kill('SIGKILL');
    await once(owner.child, 'exit');
    const counts = await Promise.all([engine.sweep(), engine.sweep(), engine.sweep()]);
    expect(counts.reduce((sum, count) => sum + count)).toBeGreaterThanOrEqual(1);
    expect(await containersOf('SweepRace')).toEqual([]);
    // The engine is none the worse for it.
    expect((await runShell(engine, 'echo fine')).output).toBe('fine\n');
  });
});

/** A process of its own that starts an instance and holds it. */
async function startOwner(service: string): Promise<{ readonly child: ChildProcess; readonly id: string }> {
  const child = spawn(process.execPath, [join(root, 'test/fixtures/instance-owner.ts'), service], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  onTestFinished(async () => {
    child.kill('SIGKILL');
    for (const id of await containersOf(service)) await docker('rm', '-f', id);
  });
  const [line] = await once(child.stdout, 'data');
  return { child, id: String(line).trim() };
}

async function folderOf(id: string): Promise<string> {
  return await docker('inspect', '--format', '{{(index .Mounts 0).Source}}', id);
}

async function foreign(owner: string, ...command: readonly string[]): Promise<string> {
  const label = ['--label', owner, '--label', `${serviceLabel}=SweepForeign`];
  const id = await docker('run', '-d', ...label, 'nstack/base:trixie', ...command);
  onTestFinished(() =>
    docker('rm', '-f', id).then(
      () => {},
      () => {},
    ),
  );
  return id;
}
