import { array, assert, boolean, integer, property, tuple } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createConfirmRing } from '../../../src/connectors/rabbitmq/confirm-ring.ts';

describe('the ring of what is not confirmed', () => {
  it('settles what a map of tags would settle, whatever the broker says', () => {
    const words = array(tuple(integer({ min: 0, max: 40 }), boolean(), integer({ min: 0, max: 6 })));
    assert(
      property(words, (script) => {
        const ring = createConfirmRing<string>(16);
        const model = new Map<number, string>();
        let next = 1;
        for (const [tag, multiple, more] of script) {
          for (let added = 0; added < more && !ring.isFull; added++, next++) {
            ring.add(`write ${next}`, next);
            model.set(next, `write ${next}`);
          }
          const settled: string[] = [];
          ring.settle(tag, multiple, (write, index) => settled.push(`${write} ${index}`));
          const expected = [...model]
            .filter(([each]) => tag < next && (multiple ? each <= tag : each === tag))
            .map(([each, write]) => `${write} ${each}`);
          for (const each of [...model.keys()])
            if (tag < next && (multiple ? each <= tag : each === tag)) model.delete(each);
          expect(settled).toEqual(expected);
          expect(ring.size).toBe(model.size);
        }
        const rest: number[] = [];
        ring.reset((_, index) => rest.push(index));
        expect(rest).toEqual([...model.keys()]);
        expect(ring.size).toBe(0);
      }),
    );
  });

  it('begins anew with tag 1', () => {
    const ring = createConfirmRing<string>(2);
    ring.add('a', 0);
    ring.add('b', 1);
    expect(ring.isFull).toBe(true);
    ring.reset(() => {});
    ring.add('c', 2);
    const settled: string[] = [];
    ring.settle(1, false, (write) => settled.push(write));
    expect(settled).toEqual(['c']);
  });
});
