import type { BuildContext, SharedTools } from '../../stacks/index.ts';

/** One context of what a recipe was rendered to and of the tools that its stages use, each before the first stage that does. A blank stands for certificates that are there perhaps. */
export function withSharedTools(
  context: BuildContext,
  shared: Readonly<Record<string, SharedTools>>,
  below: string,
): BuildContext {
  return Object.entries(shared).reduce(({ dockerfile, files }, [name, { layer, render }]) => {
    const stages = dockerfile.split(/^(?=FROM )/m);
    const used = new RegExp(`^(?:FROM |COPY --from=)shared-${name} `, 'm');
    const first = stages.findIndex((stage) => used.test(stage));
    if (first < 0) return { dockerfile, files };
    const hasLayer = stages.slice(0, first).some((stage) => stage.split('\n')[0]?.endsWith(` AS ${layer}`));
    const tools = render({ base: hasLayer ? layer : below, certificates: ' ' });
    const own = tools.dockerfile.slice(tools.dockerfile.search(/^FROM /m));
    const known = new Set(files.map(({ path }) => path));
    return {
      dockerfile: stages.toSpliced(first, 0, own.endsWith('\n') ? own : `${own}\n`).join(''),
      files: [...files, ...tools.files.filter(({ path }) => !known.has(path))],
    };
  }, context);
}
