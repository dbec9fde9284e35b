import { digestOf } from '../core/index.ts';
import { secretsPrefix } from './build-secrets.ts';
import { fileDigest } from './file-digest.ts';
import { readTemplate } from './read-template.ts';
import { renderTemplate } from './render-template.ts';
import type { ImageFile, ServiceFolder } from './stack.ts';

/** The author's own `commands`, which run when all packages are installed and see the service's `files`. */
export interface AuthorCommands {
  /** What the author asks for by them, for {@link PackageRecipe.asked}. */
  readonly asked: { readonly commands: readonly string[]; readonly files: readonly string[] };
  /** For {@link PackageRecipe.wanted}: what a command installs is nobody's to foresee. */
  readonly wanted: readonly string[];
  /** nstack's part of what decides their outcome. */
  readonly key: string;
  /** For the build context. */
  readonly files: readonly ImageFile[];
  /** A Dockerfile's last instructions; none where there are no commands. */
  instructions(certificates: string): string;
}

/** Where there are commands the files belong to the packages, since a command may change them. */
export async function authorCommands(
  service: ServiceFolder,
  { workdir, files }: { readonly workdir: string; readonly files: readonly ImageFile[] },
): Promise<AuthorCommands> {
  const { commands } = service.manifest;
  const secrets = await secretsPrefix(service, 'commands');
  if (commands.length === 0)
    return { asked: { commands, files: [] }, wanted: [], key: '', files: [], instructions: () => '' };
  const template = await readTemplate('commands.dockerfile');
  return {
    asked: { commands, files: await Promise.all(files.map(fileDigest)) },
    wanted: [`commands ${digestOf(JSON.stringify(commands))}`],
    key: secrets.length === 0 ? template : JSON.stringify([template, secrets]),
    files: files.map((file) => ({ ...file, path: `files${file.path.slice(workdir.length)}` })),
    instructions: (certificates) =>
      renderTemplate(template, {
        commands,
        pins: [],
        commandSecrets: secrets,
        commandFiles: files.map(({ path }) => path),
        workdir,
        commandCertificates: certificates,
      }),
  };
}
