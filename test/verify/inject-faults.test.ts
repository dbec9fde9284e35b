import { describe, expect, it } from 'vitest';
import type { Fault } from '../../src/verify/faults/fault.ts';
import { allowedMessages, type InjectedFault, injectFaults } from '../../src/verify/inject-faults.ts';
import { createRandom } from '../../src/verify/random.ts';

function faultNamed(name: string, said: string[], what: string | undefined = 'done'): Fault {
  return {
    name,
    describe: name,
    async inject() {
      said.push(`${name} injected`);
      return what;
    },
    async heal() {
      said.push(`${name} healed`);
    },
  };
}

async function run(seed: number, changes: Partial<Parameters<typeof injectFaults>[0]> = {}) {
  const injected: InjectedFault[] = [];
  const said: string[] = [];
  let progress = 0;
  await injectFaults({
    faults: [faultNamed('a', said), faultNamed('b', said)],
    count: 20,
    every: 1,
    random: createRandom(seed),
    progress: () => (progress += 0.05),
    over: new AbortController().signal,
    onInjected: (fault) => injected.push(fault),
    onOver: () => {},
    ...changes,
  });
  return { injected, said };
}

describe('faults', () => {
  it('are chosen by the seed, and each is healed before the next', async () => {
    const [first, again, other] = await Promise.all([run(1), run(1), run(2)]);
    const kinds = ({ injected }: typeof first) => injected.map(({ kind }) => kind).join('');
    expect(kinds(first)).toHaveLength(20);
    expect(kinds(again)).toBe(kinds(first));
    expect(kinds(other)).not.toBe(kinds(first));
    first.said.forEach((line, index) => {
      const [kind] = line.split(' ');
      expect(line).toBe(`${kind} ${index % 2 === 0 ? 'injected' : 'healed'}`);
    });
  });

  it('are healed also where they could not be done, which is told', async () => {
    const said: string[] = [];
    const broken: Fault = {
      ...faultNamed('broken', said),
      inject: () => Promise.reject(new Error('no permission')),
    };
    await expect(run(1, { faults: [broken] })).rejects.toThrow('no permission');
    expect(said).toEqual(['broken healed']);
  });

  it('end when nothing more comes out', async () => {
    const over = AbortSignal.timeout(50);
    const { injected } = await run(1, { progress: () => 0, over });
    expect(injected.length).toBeLessThan(20);
  });

  it('have messages on their way when they come', () => {
    for (let over = 0; over < 60; over++)
      expect(allowedMessages(60_000, over, 60)).toBeGreaterThanOrEqual((60_000 * (over + 1.5)) / 61);
    expect(allowedMessages(60_000, 60, 60)).toBe(60_000);
    expect(allowedMessages(60_000, 0, 0)).toBe(60_000);
  });
});
