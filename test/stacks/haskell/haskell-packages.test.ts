import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { packageRoot } from '../../../src/core/index.ts';
import { parsePackageIndex } from '../../../src/stacks/debian/package-index.ts';
import { parseCabalFile } from '../../../src/stacks/haskell/cabal-file.ts';
import { createHaskellStack } from '../../../src/stacks/haskell/haskell-stack.ts';
import type { BuildContext, PackageRecipe } from '../../../src/stacks/stack.ts';
import { haskellFolder } from './support/haskell-folder.ts';

const index = parsePackageIndex(
  [
    'ghc\tghc\t9.6.6-4\thaskell',
    'libsvm3\tlibsvm\t3.24+ds-6.1\tlibs',
    'libsvm-dev\tlibsvm\t3.24+ds-6.1\tlibdevel',
    'ffmpeg\tffmpeg\t7:7.1.1-1\tvideo',
    'libghc-vector-dev\thaskell-vector\t0.13.1.0-3+b1\thaskell',
    'libghc-vector-doc\thaskell-vector\t0.13.1.0-3\tdoc',
    'libghc-vector-prof\thaskell-vector\t0.13.1.0-3+b1\thaskell',
    'libghc-lens-dev\thaskell-lens\t5.2.3-2\thaskell',
    'libghc-zlib-dev\thaskell-zlib\t0.6.3.0-3\thaskell',
    'libghc-hsopenssl-dev\thaskell-hsopenssl\t0.11.7.7-1\thaskell',
  ].join('\n'),
);

async function recipes(files: Readonly<Record<string, string>>) {
  const { packages, compile } = await createHaskellStack().recipe(await haskellFolder(files));
  if (compile === undefined) throw new Error('Haskell is compiled');
  return { packages, toolchain: compile.toolchain };
}

function render(recipe: PackageRecipe, certificates = ''): Promise<BuildContext> {
  return recipe.render({ base: 'nstack/base:trixie', certificates, index: async () => index });
}

/** The arguments of each RUN instruction after the shell's own. */
function runs({ dockerfile }: BuildContext): readonly (readonly string[])[] {
  const lines = dockerfile
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', '')
    .split('\n');
  return lines
    .filter((line) => line.startsWith('RUN '))
    .map((line): string[] => JSON.parse(line.slice('RUN '.length)))
    .map((words) => (words[1] === '-euc' ? words.slice(3) : words));
}

const packagesLine = (packages: string) => ({ 'nstack.yaml': manifest(`packages: [${packages}]`) });
const manifest = (...lines: readonly string[]) =>
  `name: Greeter\nstack: haskell\napi: |\n  greet : Text -> Text\n${lines.join('\n')}\n`;

describe('the packages of a Haskell service', () => {
  it('are none where nothing is asked for: the program brings what it links to', async () => {
    const { packages } = await recipes({});
    const context = await render(packages);
    expect(context.dockerfile).toMatch(/^FROM nstack\/base:trixie AS os$/m);
    expect(runs(context)).toEqual([]);
    expect(context.files).toEqual([]);
  });

  it("are OS packages for the service, and Debian's libraries for its compiler", async () => {
    const { packages, toolchain } = await recipes(
      packagesLine('libsvm, zlib, vector, "apt:ffmpeg", "apt:libghc-lens-dev", "apt:libsvm-dev"'),
    );
    expect(runs(await render(packages))).toEqual([['apt', 'ffmpeg', 'libsvm3']]);
    expect(runs(await render(toolchain)).slice(2)).toEqual([
      ['apt', 'libghc-lens-dev', 'libghc-zlib-dev', 'libsvm-dev'],
    ]);
  });

  it('begin with what all Haskell services are compiled with, and end there where nothing is asked for', async () => {
    const plain = await render((await recipes({})).toolchain);
    const full = await render((await recipes(packagesLine('zlib, "hackage:split"'))).toolchain);
    const [shared = ''] = plain.dockerfile.split('\n\nFROM compiler AS os');
    expect(full.dockerfile.startsWith(shared)).toBe(true);
    expect(shared.endsWith('RUN ["/bin/sh", "/nstack/haskell/shim/build.sh"]')).toBe(true);
    expect(plain.files.map(({ path }) => path)).toContain('shim/nstack.cabal');
    expect(plain.files.every(({ path }) => path.startsWith('shim/'))).toBe(true);
  });

  it("hold Debian's part of what the shim is built of", async () => {
    const cabal = await readFile(join(packageRoot(), 'templates/haskell/nstack.cabal'), 'utf8');
    const [, apt] =
      /(?<first>RUN .*"apt", [^\]]*)/s.exec((await render((await recipes({})).toolchain)).dockerfile) ?? [];
    const needed = parseCabalFile(cabal).dependencies.map(({ name }) => name);
    const ghcs =
      /^(?:array|base|bytestring|containers|deepseq|directory|filepath|ghc-bignum|ghc-prim|mtl|process|stm|template-haskell|text|time|transformers|unix)$/;
    for (const name of needed.filter((one) => !ghcs.test(one))) expect(apt).toContain(`libghc-${name}-dev`);
  });

  it('come from Debian where its version of a Hackage package will do, and from Hackage where not', async () => {
    const { toolchain } = await recipes({
      ...packagesLine('"hackage:vector>=0.13&&<0.14", "hackage:lens>=6", "hackage:HsOpenSSL"'),
      'greeter.cabal': 'name: greeter\nlibrary\n  build-depends: base >=4 && <5, text, zlib ^>=0.6, split\n',
    });
    const context = await render(toolchain, 'PEM');
    expect(runs(context).slice(2)).toEqual([
      ['apt', 'libghc-hsopenssl-dev', 'libghc-zlib-dev'],
      [
        'printf',
        'nstack: %s\\n',
        "hackage:vector>=0.13&&<0.14 is Debian's libghc-vector-dev 0.13.1.0",
        "hackage:lens>=6 comes from Hackage: Debian's libghc-lens-dev is 5.2.3",
        "hackage:HsOpenSSL is Debian's libghc-hsopenssl-dev 0.11.7.7",
        "zlib^>=0.6 is Debian's libghc-zlib-dev 0.6.3.0",
        'split comes from Hackage: Debian has no libghc-split-dev',
      ],
      ['/bin/sh', '/nstack-cabal/install.sh', 'lens >=6', 'split >=0'],
      [],
    ]);
    const cabal = context.files.filter(({ path }) => path.startsWith('cabal/'));
    expect(cabal.map(({ path }) => path)).toEqual([
      'cabal/install.sh',
      'cabal/tell-installed.sh',
      'cabal/certificates.pem',
    ]);
    expect(String(cabal[2]?.content)).toBe('PEM');
  });

  it("hold the author's commands and the files that they see", async () => {
    const { packages } = await recipes({
      'nstack.yaml': manifest('files: [words.txt]', 'commands: ["wc words.txt"]'),
      'words.txt': 'w',
    });
    const context = await render(packages);
    expect(runs(context)).toEqual([['/bin/sh', '-c', expect.any(String), 'command', 'wc words.txt']]);
    expect(context.files.map(({ path }) => path)).toEqual(['files/words.txt']);
  });
});

describe('packages that a Haskell service cannot have', () => {
  it('are named with their place, what is near, and Hackage as a way out', async () => {
    const { packages } = await recipes(packagesLine('vectr'));
    await expect(render(packages)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ hint: expect.stringContaining('hackage:vectr'), place: { line: 5 } }],
    });
  });

  it('are those of other languages', async () => {
    await expect(recipes(packagesLine('"pip:numpy"'))).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ message: '"pip:numpy" is no package of a Haskell service' }],
    });
  });

  it('are told apart from those that the network keeps away', async () => {
    const { toolchain } = await recipes(packagesLine('"hackage:lens>=6"'));
    const asks = 'nstack: asks Hackage for lens\n';
    const offline = `${asks}Warning: Caught exception during _mirrors lookup:DnsHostNotFound
dieVerbatim: user error (Error: cabal: '/usr/bin/curl' exited with an error:
curl: (6) Could not resolve host: hackage.haskell.org
)`;
    expect(toolchain.explain(offline)).toMatchObject({
      code: 'network',
      message:
        'Greeter: the build cannot reach hackage.haskell.org for hackage:lens>=6: Could not resolve host: hackage.haskell.org',
      hint: expect.stringMatching(/https_proxy.*libghc-/),
    });
    expect(toolchain.explain(`${asks}Error: cabal: Unknown package "lens".`)).toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ message: '"hackage:lens>=6": Hackage has no package "lens"', place: { line: 5 } }],
    });
    const noneFits = `${asks}Error: cabal: Could not resolve dependencies:
[__0] next goal: lens (user goal)
[__0] rejecting: lens-5.2 (constraint from command line flag requires
>=6)
[__0] fail (backjumping, conflict set: lens)
After searching the rest of the dependency tree exhaustively, these were the
goals I've had most trouble fulfilling: lens`;
    expect(toolchain.explain(noneFits)).toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          message:
            '"hackage:lens>=6": no version goes with GHC and the other libraries: lens-5.2 (constraint from command line flag requires >=6)',
          place: { line: 5 },
        },
      ],
    });
    expect(toolchain.explain("Temporary failure resolving 'deb.debian.org'")).toMatchObject({
      code: 'network',
    });
    expect(toolchain.explain('Failed to build lens-5.2')).toBeUndefined();
  });
});

describe('the version of the stack', () => {
  const withVersion = (version: string) => ({
    'nstack.yaml': `name: Greeter\nstack: {language: haskell, version: "${version}"}\napi: |\n  greet : Text -> Text\n`,
  });

  it.each(['9.6', '9', '9.6.6'])('%s is what the base offers', async (version) => {
    await expect(render((await recipes(withVersion(version))).packages)).resolves.toBeDefined();
  });

  it.each(['9.8', '8.10'])('%s is refused, naming what is on offer', async (version) => {
    await expect(render((await recipes(withVersion(version))).packages)).rejects.toMatchObject({
      code: 'stack-unknown',
      hint: 'the base image offers: 9.6 (GHC 9.6.6)',
    });
  });
});

describe('the keys', () => {
  it('are the same for the same wishes, and libraries change the compiler alone', async () => {
    const plain = await keys({});
    const library = await keys(packagesLine('"hackage:split"'));
    expect(await keys({ 'Service.hs': 'module Service where\nx = 2\n' })).toEqual(plain);
    expect(library[0]).toBe(plain[0]);
    expect(library[1]).not.toBe(plain[1]);
    const running = await keys(packagesLine('"apt:ffmpeg"'));
    expect(running[0]).not.toBe(plain[0]);
    expect(running[1]).toBe(plain[1]);
  });

  async function keys(files: Readonly<Record<string, string>>): Promise<readonly string[]> {
    const { packages, toolchain } = await recipes(files);
    return [packages.key, toolchain.key];
  }
});
