import { carrierOf, killProcess, type Target } from '../target.ts';
import { type Fault, nothingToHeal } from './fault.ts';

export function dataPathFault(target: Target): Fault {
  return {
    name: 'data-path',
    describe: 'the process that carries the workflow dies (SIGKILL)',
    async inject() {
      const carrier = await carrierOf(target);
      if (carrier === undefined || !killProcess(carrier.pid)) return undefined;
      return `killed the data path, process ${carrier.pid}`;
    },
    heal: nothingToHeal,
  };
}
