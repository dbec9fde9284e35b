import type { CliCommand, CliContext } from '../command.ts';
import { oneLine } from '../one-line.ts';
import { withSupervisor } from '../with-supervisor.ts';

/** A workflow is meant by its name, a service by its name and version: nothing that runs, and no version that was not named, is deleted by mistake. */
export const deleteCommand: CliCommand = {
  usage: 'delete <workflow|service:version>',
  summary: 'forget a workflow that does not run, or remove one version of a built service',
  options: [{ flags: '--force', description: 'remove a service though workflows or other services need it' }],
  examples: ['nstack delete clicks', 'nstack delete ClickAnalytics:1.2.0'],
  async run(context, [name = ''], options) {
    // Loaded by itself: it is small, and a workflow needs nothing else of the registry.
    const { isVersion } = await import('../../registry/compare-versions.ts');
    const colon = name.lastIndexOf(':');
    if (colon > 0 && isVersion(name.slice(colon + 1)))
      await deleteBuilt(context, name, options.force === true);
    else await withSupervisor(context, (client) => client.remove(name));
    context.stdout.write(`${oneLine(name)} deleted\n`);
    return 0;
  },
};

async function deleteBuilt({ env, signal }: CliContext, reference: string, force: boolean): Promise<void> {
  const [{ connectEngine }, { deleteService }, { registeredWorkflows, workflowsBroken }] = await Promise.all([
    import('../../engine/index.ts'),
    import('../../builder/index.ts'),
    import('../../client/index.ts'),
  ]);
  await deleteService(await connectEngine({ signal }), reference, {
    force,
    env,
    async workflowsUsing(service, services) {
      const registered = await registeredWorkflows(env, signal);
      if (registered === undefined) return [];
      const others = services.filter(({ image }) => image !== service.image);
      const broken = await workflowsBroken(registered, services, others);
      return broken.map(({ name, state }) => `${name} (${state})`);
    },
  });
}
