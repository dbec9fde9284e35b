import type { BenchSupervisor } from '../support/bench-supervisor.ts';
import { told } from '../support/measure.ts';
import { cpuSeconds } from '../support/process-usage.ts';
import { watchServiceCpu } from '../support/service-cpu.ts';
import { stages } from './stages.ts';

/** What it took to carry a number of messages through the three stages. */
export interface Passage {
  /** While streaming. */
  readonly seconds: number;
  /** CPU seconds by who used them. */
  readonly cpu: ReadonlyMap<string, number>;
}

export const services = stages.map(({ service }) => service);

/**
 * Carries a workflow under a supervisor to its end. `look` may ask about it before it is removed. Fails where not each of `rows` messages arrives.
 */
export async function passStarted(
  { client, pid, start, until }: BenchSupervisor,
  workflow: string,
  rows: number,
  options: { readonly trace?: boolean; look?(name: string): Promise<void> } = {},
): Promise<Passage> {
  const name = 'flights';
  const { trace = false } = options;
  const before = cpuSeconds(pid);
  await start(name, workflow, { trace });
  const { outcome } = await until(name, ({ state }) => state === 'ended');
  if (outcome?.out !== rows || outcome.lost !== 0 || outcome.hub === undefined)
    throw new Error(`nstack carried ${outcome?.out} of ${rows}`);
  const supervisor = cpuSeconds(pid) - before;
  await options.look?.(name);
  await client.remove(name);
  return {
    seconds: outcome.milliseconds / 1000,
    cpu: new Map([
      ['data path', outcome.hub.cpuSeconds],
      ['supervisor', supervisor],
    ]),
  };
}

/** Adds what the three services have used. */
export async function withServices(work: () => Promise<Passage>): Promise<Passage> {
  const watch = watchServiceCpu(services);
  const { seconds, cpu } = await work();
  const byService = await watch.stop();
  const byLanguage = stages.map(({ language, service }) => [language, byService.get(service) ?? 0] as const);
  return { seconds, cpu: new Map([...cpu, ...byLanguage]) };
}

/** `115,864 messages/s, CPU s a million: data path 4.50, ...` */
export function passageTold({ seconds, cpu }: Passage, rows: number): string {
  const million = (spent: number) => ((spent / rows) * 1e6).toFixed(2);
  const parts = [...cpu].map(([who, spent]) => `${who} ${million(spent)}`);
  return `${told(rows / seconds)} messages/s, CPU s a million: ${parts.join(', ')}`;
}
