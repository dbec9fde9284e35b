import { randomBytes } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rm, utimes, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, describe, expect, onTestFinished, test } from 'vitest';
import { collectGarbage } from '../../../src/builder/gc/collect-garbage.ts';
import { withServiceLock } from '../../../src/builder/service-lock.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { labels } from '../../../src/registry/index.ts';
import { buildFrom, patience, startShell, testEngine } from '../../support/engine.ts';

/** Part of the name and the tags of all that one test makes. */
let own: string;
/** An engine that shows no images but these: what others have on this machine is no garbage of ours. */
let engine: ContainerEngine;
let cache: string;
beforeEach(async () => {
  own = `gc${randomBytes(6).toString('hex')}`;
  const real = await testEngine();
  const isOwn = ({ labels: found }: { readonly labels: Readonly<Record<string, string>> }) =>
    found.test === own;
  engine = {
    ...real,
    builders: { ...real.builders, list: async () => [] },
    seeImages: async (which) => (await real.seeImages(which)).filter(isOwn),
    listImages: async (label) => (await real.listImages(label)).filter(isOwn),
  };
  cache = await mkdtemp(join(tmpdir(), 'nstack-gc-'));
  onTestFinished(() => rm(cache, { recursive: true, force: true }));
});

async function image(
  tag: string,
  from = 'nstack/base:trixie',
  more: Readonly<Record<string, string>> = {},
): Promise<string> {
  onTestFinished(() => engine.removeImage(tag));
  const file = `FROM ${from}\nCOPY Dockerfile /${randomBytes(6).toString('hex')}`;
  return buildFrom(engine, file, { tag, labels: { test: own, ...more } });
}

function service(tag: string, from?: string): Promise<string> {
  return image(tag, from, { [labels.name]: own, [labels.version]: '1.0.0' });
}

const days = 86_400_000;
const collect = (more: Partial<Parameters<typeof collectGarbage>[1]> = {}) =>
  collectGarbage(engine, {
    keepDays: 14,
    dryRun: false,
    signal: patience(),
    env: { XDG_CACHE_HOME: cache },
    ...more,
  });
/** Another run, so many days later. */
const later = (count: number) => ({ now: Date.now() + count * days });
const there = async (tag: string) => (await engine.inspectImage(tag)) !== undefined;

describe('what nothing needs any more', () => {
  test('are packages that no service stands on and no build has used for a time', async () => {
    const [used, unused] = [`nstack/layers:${own}a`, `nstack/layers:${own}b`];
    await image(used);
    await image(unused);
    await service(`nstack/${own}:1.0.0`, used);
    // Nobody knows when they were used: the clock starts.
    expect(await collect()).toEqual([]);
    expect(await collect(later(13))).toEqual([]);
    const dry = await collect({ dryRun: true, ...later(15) });
    expect(dry).toMatchObject([{ kind: 'packages', what: unused }]);
    expect(dry[0]?.bytes).toBeGreaterThan(0);
    expect(await there(unused)).toBe(true);
    expect(await collect(later(15))).toEqual(dry);
    expect([await there(used), await there(unused)]).toEqual([true, false]);
    expect(await collect(later(15))).toEqual([]);
  });

  test('is an image that another one took the name of, once no instance runs it', async () => {
    const tag = `nstack/${own}:1.0.0`;
    const old = await service(tag);
    const instance = await startShell(engine, 'sleep 600', { image: tag });
    await service(tag);
    expect(await collect()).toEqual([]);
    expect(await there(old)).toBe(true);
    await instance.remove();
    expect(await collect()).toMatchObject([{ kind: 'replaced', what: old }]);
    expect([await there(old), await there(tag)]).toEqual([false, true]);
  });

  test('is a build that was killed, and not one that runs', async () => {
    const tag = `nstack-unfinished/${own}:1.0.0`;
    await service(tag);
    await withServiceLock(own, { onWait: () => {}, signal: patience() }, async () => {
      expect(await collect()).toEqual([]);
    });
    expect(await collect()).toMatchObject([{ kind: 'unfinished', what: tag }]);
    expect(await there(tag)).toBe(false);
  });

  test('is what is remembered of folders that nobody builds any more', async () => {
    const folder = join(cache, 'nstack/folders');
    await mkdir(folder, { recursive: true });
    for (const [name, age] of [
      ['old', 20],
      ['new', 3],
    ] as const) {
      await writeFile(join(folder, `${name}.json`), '{}');
      const time = new Date(Date.now() - age * days);
      await utimes(join(folder, `${name}.json`), time, time);
    }
    expect(await collect()).toMatchObject([{ kind: 'cache', what: join(folder, 'old.json'), bytes: 2 }]);
    expect(await readdir(folder)).toEqual(['new.json']);
  });
});
