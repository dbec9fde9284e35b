import { pick } from '../random.ts';
import { instancesOf, type Target } from '../target.ts';
import { type Fault, nothingToHeal, short } from './fault.ts';

export function serviceFault(target: Target): Fault {
  return {
    name: 'service',
    describe: 'an instance of a service dies (SIGKILL)',
    async inject() {
      const victim = pick(await instancesOf(target), target.random);
      if (victim === undefined || !(await target.engine.instances.kill(victim.id))) return undefined;
      return `killed ${victim.service} in container ${short(victim.id)}`;
    },
    heal: nothingToHeal,
  };
}
