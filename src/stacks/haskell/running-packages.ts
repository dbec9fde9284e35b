import { NstackError } from '../../core/index.ts';
import { authorCommands } from '../author-commands.ts';
import { aptPins } from '../debian/apt-pins.ts';
import type { PackageIndex } from '../debian/package-index.ts';
import { admitsDebian, osRequests, refuseForeignPackages } from '../debian/service-packages.ts';
import { stackWanted, writtenAs } from '../package-diagnostic.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, PackageRecipe, ServiceFolder } from '../stack.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { resolvePackages } from './resolve-packages.ts';

const takes = {
  language: 'Haskell',
  systems: ['hackage'],
  hint: 'a Haskell service takes OS packages and Haskell libraries of Debian by their bare name, and those of Hackage with hackage:',
} as const;

/**
 * The packages of a running Haskell service: OS packages and the author's commands, which see the service's `files`. Libraries are no part of
 * it: they are in the program.
 */
export async function runningPackages(
  service: ServiceFolder,
  options: { readonly workdir: string; readonly files: readonly ImageFile[] },
): Promise<PackageRecipe> {
  const { stack } = service.manifest;
  refuseForeignPackages(service, takes);
  const template = await readTemplate('haskell/Dockerfile');
  const commands = await authorCommands(service, options);
  const requests = osRequests(service);
  const asked = JSON.stringify({
    version: stack.version ?? '',
    os: requests.map(writtenAs).sort(),
    ...commands.asked,
  });
  return {
    asked,
    adds: stack.version !== undefined || requests.length + service.manifest.commands.length > 0,
    key: JSON.stringify({ asked, tools: template, commands: commands.key }),
    wanted: [...stackWanted(service), ...requests.map(writtenAs), ...commands.wanted],
    tools: template,
    admits: ({ name, version }) => admitsDebian(requests, name, version),
    async render(inputs) {
      const { base, index, certificates } = inputs;
      const pins = await aptPins(inputs);
      if (stack.version !== undefined) checkVersion(stack.version, await index());
      const { running } =
        requests.length === 0 ? { running: [] } : resolvePackages(service, [], await index());
      const dockerfile = renderTemplate(template, {
        base,
        pins: pins.map(({ path }) => path),
        osPackages: running,
      });
      return {
        dockerfile: dockerfile + commands.instructions(certificates),
        files: [...pins, ...commands.files],
      };
    },
    explain: (output) => explainPackageFailure(service, [], output),
  };
}

/** Debian's libraries are built for its own GHC alone, so there is one version on offer. */
function checkVersion(wanted: string, index: PackageIndex): void {
  const [full = '', minor, major] = /^((\d+)\.\d+)[.\d]*/.exec(index.find('ghc')?.version ?? '') ?? [];
  if (full !== '' && [full, minor, major].includes(wanted)) return;
  throw new NstackError('stack-unknown', `stack: Haskell ${wanted} is not on offer`, {
    hint:
      full === '' ? 'the base image offers no GHC at all' : `the base image offers: ${minor} (GHC ${full})`,
  });
}
