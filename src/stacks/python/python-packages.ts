import { join } from 'node:path';
import { digestOf, NstackError } from '../../core/index.ts';
import { authorCommands } from '../author-commands.ts';
import { keyOf, secretsPrefix } from '../build-secrets.ts';
import { aptPins } from '../debian/apt-pins.ts';
import type { PackageIndex } from '../debian/package-index.ts';
import {
  admitsDebian,
  debianPackages,
  osRequests,
  refuseForeignPackages,
} from '../debian/service-packages.ts';
import { fileDigest } from '../file-digest.ts';
import { stackWanted, writtenAs } from '../package-diagnostic.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, PackageInputs, PackageRecipe, ServiceFolder } from '../stack.ts';
import { templateFiles } from '../template-files.ts';
import { admitsRequirement } from './admits-requirement.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { constraintsOf, lockedRequirements } from './locked-requirements.ts';
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
  const [template, pipTemplate, installers, requirements] = await Promise.all([
    readTemplate('python/Dockerfile'),
    readTemplate('python/Dockerfile.pip'),
    templateFiles(join(options.templates, 'pip'), 'pip', (path) => /\.(sh|py)$/.test(path)),
    readRequirements(service),
  ]);
  const commands = await authorCommands(service, options);
  const requests = osRequests(service);
  const { given, files } = requirements;
  // It tells one source from another: a release is refused where this changes though its folder has not.
  const asked = JSON.stringify({
    version: manifest.stack.version ?? '',
    os: requests.map(writtenAs).sort(),
    requirements: { given, files },
    ...commands.asked,
  });
  const asksPip = given.length > 0;
  const secrets = asksPip ? await secretsPrefix(service, 'pip') : [];
  const pipTools = asksPip ? [pipTemplate, ...(await Promise.all(installers.map(fileDigest)))] : [];
  const tools = JSON.stringify([template, ...pipTools]);
  return {
    asked,
    adds:
      manifest.stack.version !== undefined ||
      requests.length + requirements.given.length + manifest.commands.length > 0,
    key: JSON.stringify({ asked, tools, commands: commands.key, ...keyOf(secrets) }),
    wanted: [
      ...stackWanted(service),
      ...manifest.packages.map(writtenAs),
      ...requirements.sources.map(({ path, text }) => `${path} ${digestOf(text)}`),
      ...commands.wanted,
    ],
    tools,
    shared: {
      pip: {
        layer: 'os',
        render: ({ base }) => ({ dockerfile: renderTemplate(pipTemplate, { base }), files: [] }),
      },
    },
    admits: ({ system, name, version }) =>
      system === 'pip'
        ? admitsRequirement(requirements, name, version)
        : admitsDebian(requests, name, version),
    async render(inputs) {
      const { base, index, certificates } = inputs;
      if (manifest.stack.version !== undefined) checkVersion(manifest.stack.version, await index());
      const osPackages = requests.length === 0 ? [] : debianPackages(service, requests, await index(), rule);
      const pins = await aptPins(inputs);
      const pip = pipRequirements(requirements, inputs);
      const dockerfile = renderTemplate(template, {
        base,
        pins: pins.map(({ path }) => path),
        osPackages,
        requirements: pip.given,
        secrets,
      });
      const pipFiles = pip.given.length === 0 ? [] : [...installers, ...textFiles(pip, certificates)];
      return {
        dockerfile: dockerfile + commands.instructions(certificates),
        files: [...pins, ...pipFiles, ...commands.files],
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

/** What pip is given: the lock's files alone, or what the author asks for, with the versions of an older lock as far as they suit. */
function pipRequirements(
  requirements: Requirements,
  { locked, preferred, asOf }: PackageInputs,
): Requirements {
  if (requirements.given.length === 0) return requirements;
  if (locked !== undefined) return lockedRequirements(locked.pip, requirements);
  return { ...requirements, files: [...requirements.files, constraintsOf(preferred?.pip ?? [], asOf)] };
}

function textFiles({ files }: Requirements, certificates: string): readonly ImageFile[] {
  const texts = [...files, { path: 'certificates.pem', text: certificates }];
  return texts.map(({ path, text }) => ({ path: `pip/${path}`, content: Buffer.from(text), mode: 0o644 }));
}
