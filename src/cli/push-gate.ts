import type { NewVersion, PublishedVersions } from '../builder/index.ts';
import type { BrokenWorkflow } from '../client/index.ts';
import type { RegisteredService } from '../registry/index.ts';
import type { CliContext } from './command.ts';
import { oneLine } from './one-line.ts';

/**
 * What stands between a build and a registry: tells which workflows of the supervisor, where one runs, a new version would break, and refuses a breaking change
 * under a version number that promises none. Its answer is called before anything is sent; it fails with `breaking-change`.
 */
export function pushGate(context: CliContext, { allowBreaking }: { readonly allowBreaking: boolean }) {
  const tell = (line: string) => context.stderr.write(`${line}\n`);
  return async (service: NewVersion, published: PublishedVersions<NewVersion>): Promise<void> => {
    const { refuseBreaking, succession } = await import('../builder/index.ts');
    const found = await succession(service, published);
    for (const broken of await brokenWorkflows(context, service, found?.former))
      await warn(context, service, broken, tell);
    if (found !== undefined)
      refuseBreaking(found, { allowed: allowBreaking, onNote: (line) => tell(oneLine(line)) });
  };
}

/** Workflows that are whole with the version before and not with the new one. */
async function brokenWorkflows(
  { env, signal }: CliContext,
  service: NewVersion,
  former: NewVersion | undefined,
): Promise<readonly BrokenWorkflow[]> {
  const { registeredWorkflows, workflowsBroken } = await import('../client/index.ts');
  const registered = await registeredWorkflows(env, signal);
  if (registered === undefined || registered.workflows.length === 0) return [];
  const others = (await builtServices(signal)).filter(
    ({ name, version }) => name !== service.manifest.name || version !== service.version,
  );
  const before = former === undefined ? [] : [asBuilt(former)];
  return workflowsBroken(
    registered,
    [...others.filter(({ name, version }) => !isVersion(before, name, version)), ...before],
    [...others, asBuilt(service)],
  );
}

/** What is built here; nothing where no engine answers, which a push does not need. */
async function builtServices(signal: AbortSignal): Promise<readonly RegisteredService[]> {
  const [{ connectEngine }, { listServices }, { NstackError }] = await Promise.all([
    import('../engine/index.ts'),
    import('../registry/index.ts'),
    import('../core/index.ts'),
  ]);
  try {
    return await listServices(await connectEngine({ signal }));
  } catch (error) {
    if (error instanceof NstackError && error.code === 'engine-unavailable') return [];
    throw error;
  }
}

/** Planning looks at the name, the version and the manifest alone. */
function asBuilt({ version, manifest }: NewVersion): RegisteredService {
  const { name } = manifest;
  return { name, version, manifest, image: `${name}:${version}`, imageId: '', built: '', size: 0 };
}

function isVersion(services: readonly RegisteredService[], name: string, version: string): boolean {
  return services.some((one) => one.name === name && one.version === version);
}

async function warn(
  { color }: CliContext,
  { version, manifest }: NewVersion,
  { name, state, diagnostics }: BrokenWorkflow,
  tell: (line: string) => void,
): Promise<void> {
  const { renderDiagnostic } = await import('../core/index.ts');
  tell(
    `warning: the workflow ${oneLine(name)} (${state}) is none any more with ${manifest.name} ${version}:`,
  );
  for (const diagnostic of diagnostics)
    tell(renderDiagnostic({ ...diagnostic, severity: 'warning' }, { color }));
}
