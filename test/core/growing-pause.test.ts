import { describe, expect, it } from 'vitest';
import { growingPause } from '../../src/core/index.ts';

describe('pauses that grow', () => {
  it('double from failure to failure, up to the longest, however many there are', () => {
    const pauses = [1, 2, 3, 4, 5, 2_000].map((failures) =>
      growingPause(failures, { first: 20, longest: 100 }),
    );
    expect(pauses).toEqual([20, 40, 80, 100, 100, 100]);
  });

  it('leave a share to chance', () => {
    const between = (random: number) =>
      growingPause(1, { first: 100, longest: 100, jitter: 0.5 }, () => random);
    expect([between(0), between(0.5), between(1)]).toEqual([100, 75, 50]);
  });
});
