import { join } from 'node:path';
import { keyOf, secretsPrefix } from '../build-secrets.ts';
import { aptPins } from '../debian/apt-pins.ts';
import { admitsDebian, osRequests } from '../debian/service-packages.ts';
import { fileDigest } from '../file-digest.ts';
import { lockedLines } from '../locked-lines.ts';
import { writtenAs } from '../package-diagnostic.ts';
import { readTemplate } from '../read-template.ts';
import { renderTemplate } from '../render-template.ts';
import type { ImageFile, PackageInputs, ServiceFolder, ToolchainRecipe } from '../stack.ts';
import { tellingFiles, templateFiles } from '../template-files.ts';
import { explainPackageFailure } from './explain-package-failure.ts';
import { hackageRequests } from './hackage-requests.ts';
import { type HaskellPackages, resolvePackages } from './resolve-packages.ts';
import { allows } from './versions.ts';

/** What a Haskell service is compiled with: GHC, the shim, and the author's libraries, from Debian where it has them and else from Hackage. */
export async function haskellToolchain(service: ServiceFolder, templates: string): Promise<ToolchainRecipe> {
  const [template, cabal, installing, telling, shim, hackage] = await Promise.all([
    readTemplate('haskell/Dockerfile.toolchain'),
    readTemplate('haskell/Dockerfile.cabal'),
    templateFiles(join(templates, 'cabal'), 'cabal'),
    tellingFiles(templates, 'cabal'),
    shimFiles(templates),
    hackageRequests(service),
  ]);
  // A package that Debian calls by a name of its own, and not -dev, is for the running service.
  const requests = osRequests(service).filter(
    ({ system, spec }) => system === 'os' || /-dev(=|$)/.test(spec),
  );
  const asked = JSON.stringify({
    os: requests.map(writtenAs).sort(),
    hackage: hackage.map(({ name, versions }) => constraint(name, versions)).sort(),
  });
  const installers = [...installing, ...telling];
  const asksHackage = hackage.length > 0;
  const secrets = asksHackage ? await secretsPrefix(service, 'hackage') : [];
  const own = await Promise.all([...shim, ...(asksHackage ? installers : [])].map(fileDigest));
  const tools = JSON.stringify([template, ...(asksHackage ? [cabal] : []), ...own]);
  return {
    on: 'base',
    asked,
    adds: true,
    key: JSON.stringify({ asked, tools, ...keyOf(secrets) }),
    wanted: [...requests.map(writtenAs), ...hackage.map(({ text }) => text)],
    tools,
    shared: {
      cabal: {
        layer: 'os',
        render: ({ base }) => ({ dockerfile: renderTemplate(cabal, { base }), files: [] }),
      },
    },
    admits: ({ system, name, version }) =>
      system === 'hackage'
        ? hackage.every((one) => one.name !== name || allows(one.versions, version) !== false)
        : admitsDebian(requests, name, version),
    async render(inputs) {
      const { base, index, certificates } = inputs;
      const pins = await aptPins(inputs);
      const found =
        requests.length + hackage.length === 0 ? nothing : resolvePackages(service, hackage, await index());
      const dockerfile = renderTemplate(template, {
        base,
        pins: pins.map(({ path }) => path),
        // What every Haskell service is compiled with is there already.
        osPackages: found.building.filter((name) => !template.includes(`"${name}"`)),
        told: found.told,
        secrets,
        hackage: found.hackage.map(({ name, versions }) => constraint(name, versions)),
      });
      const building = found.hackage.length === 0 ? [] : [...installers, ...cabalFiles(inputs, certificates)];
      return { dockerfile, files: [...pins, ...shim, ...building] };
    },
    explain: (output) => explainPackageFailure(service, hackage, output),
  };
}

const nothing: HaskellPackages = { running: [], building: [], hackage: [], told: [] };

/** As cabal's --constraint takes it. */
function constraint(name: string, versions: string): string {
  return `${name} ${versions === '' ? '>=0' : versions}`;
}

/** What the shim is built of, without its tests and what its tools leave beside the source. */
async function shimFiles(templates: string): Promise<readonly ImageFile[]> {
  const wanted = /^(?:nstack\.cabal|src\/.+\.hs|cbits\/.+\.c|build\.sh|compile)$/;
  return templateFiles(templates, 'shim', (path) => wanted.test(path));
}

/** What install.sh finds beside itself: the libraries of a lock, a line each, as it writes them. */
function cabalFiles({ locked, preferred }: PackageInputs, certificates: string): readonly ImageFile[] {
  const texts = [
    ['certificates.pem', certificates],
    ...(locked === undefined ? [] : [['locked', lockedLines(locked.hackage)]]),
    ...(preferred === undefined ? [] : [['preferred', lockedLines(preferred.hackage)]]),
  ] as const;
  return texts.map(([name = '', text = '']) => ({
    path: `cabal/${name}`,
    content: Buffer.from(text),
    mode: 0o644,
  }));
}
