import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { findingAt } from '../finding-at.ts';
import type { Manifest } from '../manifest.ts';
import { readManifest } from '../read-manifest.ts';
import { type Project, projectText } from './read-project.ts';

/** One folder of a project. */
export interface ProjectModule {
  /** Below the project's folder, as the project's file has it. */
  readonly path: string;
  /** Absolute. */
  readonly root: string;
  /** The service in it, or why there is none: the fault of this module alone. */
  readonly service: ReadService | NstackError;
  /** The module that it is built on, by its path. */
  readonly parent?: string;
}

interface ReadService {
  readonly manifest: Manifest;
  readonly manifestFile: string;
}

/**
 * The modules of a project, parents before children and otherwise in the order of its file. Fails with `manifest-invalid` where two modules are one service, or are
 * built on each other in a circle.
 */
export async function projectModules(project: Project): Promise<readonly ProjectModule[]> {
  const read = await Promise.all(
    project.modules.map(async (path) => {
      const root = join(project.root, path);
      return { path, root, service: await serviceIn(root) };
    }),
  );
  const byName = new Map<string, ProjectModule>();
  for (const module of read) {
    if (module.service instanceof NstackError) continue;
    const { name, version } = module.service.manifest;
    const key = `${name.toLowerCase()}:${version}`;
    const first = byName.get(key);
    if (first !== undefined)
      throw fault(
        project,
        module,
        `${module.path} and ${first.path} are both the service ${name} ${version}`,
        {
          hint: 'give one of them another name',
        },
      );
    byName.set(key, module);
  }
  return ordered(
    project,
    read.map((module) => ({ ...module, ...parentOf(module, [...byName.values()]) })),
  );
}

async function serviceIn(root: string): Promise<ReadService | NstackError> {
  try {
    const { manifest, file } = await readManifest(root);
    return { manifest, manifestFile: file };
  } catch (error) {
    if (error instanceof NstackError) return error;
    throw error;
  }
}

/** A parent without a version is whichever the project has of that name: it will be the newest. One of another version is elsewhere. */
function parentOf(
  { service }: ProjectModule,
  modules: readonly ProjectModule[],
): { readonly parent?: string } {
  if (service instanceof NstackError || service.manifest.parent === undefined) return {};
  const [name, version] = service.manifest.parent.split(':');
  const found = modules.find(
    ({ service: other }) =>
      !(other instanceof NstackError) &&
      other.manifest.name === name &&
      (version === undefined || other.manifest.version === version),
  );
  return found === undefined ? {} : { parent: found.path };
}

function ordered(project: Project, modules: readonly ProjectModule[]): readonly ProjectModule[] {
  const byPath = new Map(modules.map((module) => [module.path, module]));
  const done = new Set<ProjectModule>();
  const visit = (module: ProjectModule, way: readonly ProjectModule[]): void => {
    if (done.has(module)) return;
    if (way.includes(module))
      throw fault(
        project,
        module,
        `modules are built on each other in a circle: ${[...way.slice(way.indexOf(module)), module].map(({ path }) => path).join(' -> ')}`,
        {
          hint: 'take `parent` out of the nstack.yaml of one of them',
        },
      );
    const parent = module.parent === undefined ? undefined : byPath.get(module.parent);
    if (parent !== undefined) visit(parent, [...way, module]);
    done.add(module);
  };
  for (const module of modules) visit(module, []);
  return [...done];
}

function fault(
  { file, text, modules }: Project,
  { path }: ProjectModule,
  message: string,
  { hint }: { readonly hint: string },
): NstackError {
  const at = ['modules', modules.indexOf(path)];
  const finding = findingAt({ bytes: text, file, kind: projectText }, at, {
    code: 'bad-module',
    message,
    hint,
  });
  return new NstackError('manifest-invalid', `${file} has one fault`, { diagnostics: [finding] });
}
