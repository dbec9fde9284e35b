import { pick } from '../random.ts';
import { instancesOf, type Target } from '../target.ts';
import { type Fault, short } from './fault.ts';

export function freezeFault(target: Target): Fault {
  const { instances } = target.engine;
  let frozen: string | undefined;
  return {
    name: 'freeze',
    describe: 'an instance of a service stands still for a while',
    lasts: { least: 300, most: 2_000 },
    async inject() {
      const victim = pick(await instancesOf(target), target.random);
      if (victim === undefined || !(await instances.pause(victim.id))) return undefined;
      frozen = victim.id;
      return `froze ${victim.service} in container ${short(victim.id)}`;
    },
    async heal() {
      // It may have been killed and removed meanwhile.
      if (frozen !== undefined) await instances.unpause(frozen);
      frozen = undefined;
    },
  };
}
