import type { BuilderInfo, ContainerEngine } from '../../engine/index.ts';

/** Ends and removes the warm builders that are wanted gone, by default all; answers them. One that compiles just then ends too, and its build goes on without it. */
export async function removeBuilders(
  engine: ContainerEngine,
  which: (builder: BuilderInfo) => boolean = () => true,
): Promise<readonly BuilderInfo[]> {
  const builders = (await engine.builders.list()).filter(which);
  await Promise.all(builders.map(({ name }) => engine.builders.remove(name)));
  return builders;
}
