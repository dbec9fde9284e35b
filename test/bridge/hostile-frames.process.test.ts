import { describe, expect, it } from 'vitest';
import { hostileKinds } from '../support/hostile-frames.ts';
import { runHostile } from '../support/hostile-run.ts';

const seed = 20_261_129;

describe('the hub', () => {
  it('loses nothing and takes nothing that was not asked, whatever a service sends', {
    timeout: 240_000,
  }, async () => {
    const report = await runHostile({ frames: 50_000, seed });
    expect(report.surprises).toEqual([]);
    expect(report).toMatchObject({ frames: 50_000, lost: 0, smuggled: 0, crashes: 0 });
    expect(report.kinds.every(({ frames }) => frames > 50_000 / Object.keys(hostileKinds).length / 2)).toBe(
      true,
    );
    expect(report.peers).toBeGreaterThan(10_000);
  });
});
