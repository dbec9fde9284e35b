import { describe, expect, it } from 'vitest';
import { runModules } from '../../../src/cli/project/run-modules.ts';
import { NstackError } from '../../../src/core/index.ts';
import type { ProjectModule } from '../../../src/manifest/index.ts';

const unused = { manifest: undefined, manifestFile: '' } as unknown as ProjectModule['service'];
const module = (path: string, parent?: string): ProjectModule => ({
  path,
  root: `/${path}`,
  service: unused,
  ...(parent === undefined ? {} : { parent }),
});

describe('working on the modules of a project', () => {
  it('does one after its parent, others at the same time, and no more than were asked for', async () => {
    const log: string[] = [];
    let running = 0;
    let most = 0;
    const modules = [module('a'), module('b'), module('c', 'a'), module('d')];
    await runModules(
      modules,
      async ({ path }) => {
        most = Math.max(most, ++running);
        log.push(`begin ${path}`);
        await new Promise(setImmediate);
        log.push(`end ${path}`);
        running--;
      },
      { atOnce: 2, needsParent: true },
    );
    expect(most).toBe(2);
    expect(log.indexOf('begin c')).toBeGreaterThan(log.indexOf('end a'));
    expect(log.indexOf('begin b')).toBeLessThan(log.indexOf('end a'));
  });

  it('leaves out those alone whose parent has failed', async () => {
    const modules = [module('a'), module('b', 'a'), module('c', 'b'), module('d')];
    const outcomes = await runModules(
      modules,
      async ({ path }) => {
        if (path === 'a') throw new NstackError('build-failed', 'a is wrong');
        return path;
      },
      { atOnce: 4, needsParent: true },
    );
    expect(outcomes.map(({ kind, module: { path } }) => `${path} ${kind}`)).toEqual([
      'a failed',
      'b skipped',
      'c skipped',
      'd done',
    ]);
  });

  it('ends where it is interrupted, and where nstack itself is wrong', async () => {
    const fail = (error: Error) =>
      runModules([module('a'), module('b')], () => Promise.reject(error), { atOnce: 2, needsParent: true });
    await expect(fail(new NstackError('interrupted', 'stopped'))).rejects.toThrow('stopped');
    await expect(fail(new TypeError('a defect'))).rejects.toThrow('a defect');
  });
});
