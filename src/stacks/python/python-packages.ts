import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { NstackError } from '../../core/index.ts';
import type { PackageIndex } from '../debian/package-index.ts';
import { resolveOsPackages } from '../debian/resolve-os-packages.ts';
import { packageDiagnostic, packagesUnknown, writtenAs } from '../package-diagnostic.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, PackageRecipe, ServiceFolder } from '../stack.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { type Requirements, readRequirements } from './requirements.ts';

const binding = { prefix: 'python3-', section: 'python' };

/**
 * The packages of a Python service: Debian's Python, OS packages, pip's, and the author's commands, which see the service's `files`.
 * Where there are commands the files belong to the packages, since a command may change them.
 */
export async function pythonPackages(
  service: ServiceFolder,
  options: { readonly templates: string; readonly workdir: string; readonly files: readonly ImageFile[] },
): Promise<PackageRecipe> {
  const { manifest } = service;
  checkSystems(service);
  const [template, installer, requirements] = await Promise.all([
    readFile(join(options.templates, 'Dockerfile'), 'utf8'),
    readFile(join(options.templates, 'pip/install.sh'), 'utf8'),
    readRequirements(service),
  ]);
  const commandFiles = manifest.commands.length > 0 ? options.files : [];
  const osRequests = manifest.packages.filter(({ system }) => system === 'os' || system === 'apt');
  const asked = JSON.stringify({
    version: manifest.stack.version ?? '',
    os: osRequests.map(writtenAs).sort(),
    requirements,
    commands: manifest.commands,
    files: await Promise.all(commandFiles.map(digest)),
  });
  return {
    asked,
    key: JSON.stringify({ asked, template, installer: requirements.given.length > 0 ? installer : '' }),
    async render({ base, index, certificates }) {
      if (manifest.stack.version !== undefined) checkVersion(manifest.stack.version, await index());
      const osPackages = osRequests.length === 0 ? [] : resolved(service, osRequests, await index());
      const dockerfile = renderTemplate(template, {
        base,
        osPackages,
        requirements: requirements.given,
        commands: manifest.commands,
        commandFiles: commandFiles.map(({ path }) => path),
        workdir: options.workdir,
        commandCertificates: manifest.commands.length > 0 ? certificates : '',
      });
      const pip = requirements.given.length === 0 ? [] : pipFiles(requirements, installer, certificates);
      return { dockerfile, files: [...pip, ...commandFiles.map((file) => inContext(file, options.workdir))] };
    },
    explain: (output) => explainPackageFailure(service, output),
  };
}

function checkSystems(service: ServiceFolder): void {
  const foreign = service.manifest.packages.filter(
    ({ system }) => system === 'maven' || system === 'hackage',
  );
  if (foreign.length === 0) return;
  const diagnostics = foreign.map((request) =>
    packageDiagnostic(
      service,
      request,
      `"${writtenAs(request)}" is no package of a Python service`,
      'a Python service takes OS packages by their bare name or with apt:, and Python packages with pip:',
    ),
  );
  throw packagesUnknown(service, diagnostics);
}

function resolved(
  service: ServiceFolder,
  requests: ServiceFolder['manifest']['packages'],
  index: PackageIndex,
): readonly string[] {
  const { names, unknown } = resolveOsPackages(requests, index, binding);
  if (unknown.length === 0) return names;
  const diagnostics = unknown.map(({ request, nearest }) => {
    const words = [...nearest, ...(request.system === 'os' ? [`pip:${request.spec}`] : [])];
    return packageDiagnostic(
      service,
      request,
      `Debian has no package "${request.spec}"${request.system === 'os' ? ', and no source package of that name either' : ''}`,
      words.length === 0 ? 'look for it at https://packages.debian.org' : `nearest: ${words.join(', ')}`,
    );
  });
  throw packagesUnknown(service, diagnostics);
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

function inContext(file: ImageFile, workdir: string): ImageFile {
  return { ...file, path: `files${file.path.slice(workdir.length)}` };
}

async function digest({ path, content, mode }: ImageFile): Promise<string> {
  const bytes = content instanceof Uint8Array ? content : await readFile(content.file);
  return `${path} ${mode} ${createHash('sha256').update(bytes).digest('hex')}`;
}
