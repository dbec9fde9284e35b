import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import { authorCommands } from '../author-commands.ts';
import type { PackageIndex } from '../debian/package-index.ts';
import { debianPackages, osRequests, refuseForeignPackages } from '../debian/service-packages.ts';
import { writtenAs } from '../package-diagnostic.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, PackageRecipe, ServiceFolder } from '../stack.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { type Requirements, readRequirements } from './requirements.ts';

const rule = {
  binding: { prefix: 'python3-', section: 'python' },
  elsewhere: (name: string) => `pip:${name}`,
};
const takes = {
  language: 'Python',
  systems: ['pip'],
  hint: 'a Python service takes OS packages by their bare name or with apt:, and Python packages with pip:',
} as const;

/**
 * The packages of a Python service: Debian's Python, OS packages, pip's, and the author's commands, which see the service's `files`.
 * Where there are commands the files belong to the packages, since a command may change them.
 */
export async function pythonPackages(
  service: ServiceFolder,
  options: { readonly templates: string; readonly workdir: string; readonly files: readonly ImageFile[] },
): Promise<PackageRecipe> {
  const { manifest } = service;
  refuseForeignPackages(service, takes);
  const [template, installer, requirements] = await Promise.all([
    readFile(join(options.templates, 'Dockerfile'), 'utf8'),
    readFile(join(options.templates, 'pip/install.sh'), 'utf8'),
    readRequirements(service),
  ]);
  const commands = await authorCommands(service, options);
  const requests = osRequests(service);
  const asked = JSON.stringify({
    version: manifest.stack.version ?? '',
    os: requests.map(writtenAs).sort(),
    requirements,
    ...commands.asked,
  });
  return {
    asked,
    adds:
      manifest.stack.version !== undefined ||
      requests.length + requirements.given.length + manifest.commands.length > 0,
    key: JSON.stringify({
      asked,
      template,
      installer: requirements.given.length > 0 ? installer : '',
      commands: commands.key,
    }),
    async render({ base, index, certificates }) {
      if (manifest.stack.version !== undefined) checkVersion(manifest.stack.version, await index());
      const osPackages = requests.length === 0 ? [] : debianPackages(service, requests, await index(), rule);
      const dockerfile = renderTemplate(template, {
        base,
        osPackages,
        requirements: requirements.given,
      });
      const pip = requirements.given.length === 0 ? [] : pipFiles(requirements, installer, certificates);
      return {
        dockerfile: dockerfile + commands.instructions(certificates),
        files: [...pip, ...commands.files],
      };
    },
    explain: (output) => explainPackageFailure(service, output),
  };
}

/** The shim's codec is built for Debian's own Python alone, so there is one version on offer. */
function checkVersion(wanted: string, index: PackageIndex): void {
  const offered = /^\d+\.\d+/.exec(index.find('python3')?.version ?? '')?.[0];
  if (wanted === offered || wanted === offered?.split('.')[0]) return;
  throw new NstackError('stack-unknown', `stack: Python ${wanted} is not on offer`, {
    hint: `the base image offers: ${offered ?? 'no Python at all'}`,
  });
}

function pipFiles(requirements: Requirements, installer: string, certificates: string): readonly ImageFile[] {
  const texts = [
    ...requirements.files.map(({ path, text }) => [path, text] as const),
    ['install.sh', installer] as const,
    ['certificates.pem', certificates] as const,
  ];
  return texts.map(([path, text]) => ({ path: `pip/${path}`, content: Buffer.from(text), mode: 0o644 }));
}
