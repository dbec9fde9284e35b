import type { ProjectModule } from '../../manifest/index.ts';
import { failedEvent } from '../ci/failed-event.ts';
import type { CliCommand, CliContext, CliOptions } from '../command.ts';

interface OverModules {
  /** Those that are built on a module which fails are not begun. */
  readonly needsParent?: boolean;
  /** The options of each module, where they differ. */
  readonly optionsOf?: (
    modules: readonly ProjectModule[],
    options: CliOptions,
  ) => (module: ProjectModule) => CliOptions;
}

/**
 * A command on a folder that also works on a project, a folder with nstack-project.yaml: on each of its modules, parents before children. `--json` then prints
 * an array. Where one module fails the others go on; with `needsParent` not those that are built on it. The exit code is the worst.
 */
export function overModules(
  command: CliCommand,
  { needsParent = false, optionsOf = (_, options) => () => options }: OverModules = {},
): CliCommand {
  return {
    ...command,
    async run(context, args, options) {
      const [{ resolve }, { isProject }] = await Promise.all([
        import('node:path'),
        import('../../manifest/project/is-project.ts'),
      ]);
      const root = resolve(context.cwd, args[0] ?? '.');
      // A service that is named is not looked for in folders.
      if (options.service !== undefined || !(await isProject(root)))
        return command.run(context, args, options);
      return runProject(command, context, { root, needsParent, optionsOf }, options);
    },
  };
}

async function runProject(
  command: CliCommand,
  context: CliContext,
  { root, needsParent, optionsOf }: Required<OverModules> & { readonly root: string },
  options: CliOptions,
): Promise<number> {
  const [
    { availableParallelism },
    { projectModules, readProject },
    { runModules },
    { moduleContext },
    outcomes,
  ] = await Promise.all([
    import('node:os'),
    import('../../manifest/index.ts'),
    import('./run-modules.ts'),
    import('./module-context.ts'),
    import('./show-outcomes.ts'),
  ]);
  const modules = await projectModules(await readProject(root, context.cwd));
  const own = optionsOf(modules, options);
  const results = await runModules(
    modules,
    async (module) => {
      const part = moduleContext(context, module.path);
      const code = (await command.run(part.context, [module.root], own(module))) ?? 0;
      return { code, ...part.end() };
    },
    { atOnce: Math.min(4, availableParallelism()), needsParent },
  );
  for (const outcome of results)
    if (outcome.kind === 'failed')
      context.report?.ofModule(outcome.module.path).tell(failedEvent(outcome.error));
  if (options.json === true) context.stdout.write(outcomes.outcomesJson(results));
  outcomes.showOutcomes(context, results, { quiet: options.json === true });
  return outcomes.worstCode(results);
}
