import { describe, expect, it } from 'vitest';
import { createPending, type Pending } from '../../src/bridge/pending.ts';

const request: Pending = { kind: 'call', resolve() {}, reject() {} };

describe('requests in flight', () => {
  it('remember what was given up, for one late answer each', () => {
    const pending = createPending();
    const id = pending.add(request);
    expect(pending.giveUp(id)).toBe(true);
    expect(pending.giveUp(id)).toBe(false);
    expect(pending.take(id)).toBeUndefined();
    expect([pending.wasGivenUp(id), pending.wasGivenUp(id)]).toEqual([true, false]);
  });

  it('forget the oldest of more than 10,000 that were given up', () => {
    const pending = createPending();
    for (let nth = 0; nth < 10_001; nth++) pending.giveUp(pending.add(request));
    expect([1, 2, 10_001].map((id) => pending.wasGivenUp(id))).toEqual([false, true, true]);
  });

  it('know which ids have been given out', () => {
    const pending = createPending();
    const id = pending.add(request);
    expect([id - 1, id, id + 1].map((one) => pending.wasAsked(one))).toEqual([false, true, false]);
  });

  it('cannot be given up once they are answered', () => {
    const pending = createPending();
    const id = pending.add(request);
    pending.take(id);
    expect([pending.giveUp(id), pending.wasGivenUp(id)]).toEqual([false, false]);
  });
});
