import { NstackError, nearestWord } from '../../core/index.ts';
import type { ProjectModule } from '../../manifest/index.ts';
import type { CliOptions } from '../command.ts';
import { nameOfSecret, secretFlags } from '../secrets-given.ts';

/**
 * The options of each module of a project, with the secrets that its own build names and no others. Fails with `usage` for a secret that no module's build names; one
 * that cannot be read may be the module that does.
 */
export function secretsByModule(
  modules: readonly ProjectModule[],
  options: CliOptions,
): (module: ProjectModule) => CliOptions {
  const given = secretFlags(options.secret);
  const named = modules.flatMap((module) => secretsOfBuild(module) ?? []);
  const other = given.map(nameOfSecret).find((name) => !named.includes(name));
  if (other !== undefined && modules.every((module) => secretsOfBuild(module) !== undefined)) {
    const near = nearestWord(other, named);
    throw new NstackError('usage', `no module of this project has a build with a secret ${other}`, {
      hint:
        near === undefined
          ? `name it in the module's nstack.yaml with the steps that need it: buildSecrets: { ${other}: [commands] }`
          : `did you mean ${near}?`,
    });
  }
  return (module) => {
    const own = given.filter((text) => secretsOfBuild(module)?.includes(nameOfSecret(text)));
    return { ...options, secret: own.length === 0 ? undefined : own };
  };
}

/** Undefined for a module that cannot be read. */
function secretsOfBuild({ service }: ProjectModule): readonly string[] | undefined {
  return service instanceof NstackError ? undefined : service.manifest.buildSecrets.map(({ name }) => name);
}
