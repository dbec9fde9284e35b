import type { ContainerEngine } from '../../engine/index.ts';
import { removeBuilders } from '../warm/remove-builders.ts';
import type { Garbage } from './garbage.ts';

/** Warm builders that have ended, and that nobody has removed. One that runs ends by itself when no build has used it for a while. */
export async function builderGarbage(engine: ContainerEngine): Promise<readonly Garbage[]> {
  const ended = (await engine.builders.list()).filter(({ state }) => state === 'exited' || state === 'dead');
  return ended.map(({ name, service }) => ({
    kind: 'builder',
    what: name,
    bytes: 0,
    why: `the builder of ${service} has ended`,
    async remove() {
      return (await removeBuilders(engine, (one) => one.name === name)).length > 0;
    },
  }));
}
