import { describe, expect, it } from 'vitest';
import { parsePackageIndex } from '../../../src/stacks/debian/package-index.ts';
import { createPythonStack } from '../../../src/stacks/python/python-stack.ts';
import type { BuildContext, ServiceFolder } from '../../../src/stacks/stack.ts';
import { manifestWith, serviceFolder } from '../support/service-folder.ts';

const index = parsePackageIndex(
  [
    'python3\tpython3-defaults\t3.13.5-1\tpython',
    'libsvm3\tlibsvm\t3.24+ds-6.1\tlibs',
    'python3-libsvm\tlibsvm\t3.24+ds-6.1\tpython',
    'ffmpeg\tffmpeg\t7:7.1.1-1\tvideo',
  ].join('\n'),
);

async function render(folder: ServiceFolder, certificates = ''): Promise<BuildContext> {
  const { packages } = await createPythonStack().recipe(folder);
  return packages.render({ base: 'nstack/base:trixie', certificates, index: async () => index });
}

/** The instructions of a Dockerfile, continued lines joined, comments left out. */
function instructions({ dockerfile }: BuildContext): readonly string[] {
  return dockerfile
    .split('\n')
    .filter((line) => !line.startsWith('#'))
    .join('\n')
    .replaceAll('\\\n', '')
    .split('\n')
    .filter((line) => line !== '');
}

function textOf(context: BuildContext, path: string): string | undefined {
  const content = context.files.find((file) => file.path === path)?.content;
  return content instanceof Uint8Array ? Buffer.from(content).toString('utf8') : content?.file;
}

describe('the Dockerfile of a Python service', () => {
  it('installs what every service has, and nothing else where nothing is asked for', async () => {
    const context = await render(await serviceFolder());
    const lines = instructions(context);
    expect(lines.filter((line) => line.startsWith('FROM'))).toEqual([
      'FROM nstack/base:trixie AS runtime',
      'FROM runtime AS os',
      'FROM os AS language',
    ]);
    expect(lines.filter((line) => line.startsWith('RUN'))).toEqual([
      expect.stringMatching(/apt-get install .* "apt", "python3", "python3-msgspec"\]$/),
    ]);
    expect(context.files).toEqual([]);
  });

  it('begins with the same instructions whatever a service asks for, so that the layer is shared', async () => {
    const plain = instructions(await render(await serviceFolder())).slice(0, 4);
    const full = instructions(
      await render(await serviceFolder(manifestWith('packages: [libsvm, "pip:numpy"]'))),
    );
    expect(full.slice(0, 4)).toEqual(plain);
    expect(plain[3]).toMatch(/^RUN .*python3-msgspec/);
  });

  it('installs the OS packages that Debian has for bare names, each as an argument of its own', async () => {
    const lines = instructions(
      await render(await serviceFolder(manifestWith('packages: [libsvm, "apt:ffmpeg"]'))),
    );
    const run = lines.filter((line) => line.startsWith('RUN'))[1] ?? '';
    const words: unknown = JSON.parse(run.slice('RUN '.length));
    expect(words).toEqual([
      '/bin/sh',
      '-euc',
      expect.any(String),
      'apt',
      'ffmpeg',
      'libsvm3',
      'python3-libsvm',
    ]);
  });

  it('installs Python packages in a stage of its own, of which only the packages come along', async () => {
    const folder = await serviceFolder({
      ...manifestWith('packages: ["pip:numpy>=2"]'),
      'requirements.txt': 'idna\n',
    });
    const context = await render(folder, 'PEM');
    const lines = instructions(context);
    const last = lines.slice(lines.indexOf('FROM os AS language'));
    expect(last).toEqual(['FROM os AS language', 'COPY --from=pip /out /']);
    expect(lines).toContain(
      'RUN ["/bin/sh", "/nstack-pip/install.sh", "nstack-requirements.txt", "requirements.txt"]',
    );
    expect(textOf(context, 'pip/nstack-requirements.txt')).toBe('numpy>=2\n');
    expect(textOf(context, 'pip/requirements.txt')).toBe('idna\n');
    expect(textOf(context, 'pip/certificates.pem')).toBe('PEM');
  });

  it("runs the author's commands as they stand, after the files are there", async () => {
    const commands = ['printf "%s\\n" "$HOME" > home.txt', 'cat <<EOF\nRUN evil\nEOF'];
    const folder = await serviceFolder({
      ...manifestWith('files: [words.txt]', `commands: ${JSON.stringify(commands)}`),
      'words.txt': 'w',
    });
    const context = await render(folder);
    const lines = instructions(context);
    expect(lines.slice(-4, -2)).toEqual(['WORKDIR /service', 'COPY files /service']);
    const written = lines.slice(-2).map((line): unknown => JSON.parse(line.slice('RUN '.length)));
    expect(written).toEqual(
      commands.map((command) => ['/bin/sh', '-c', expect.any(String), 'command', command]),
    );
    expect(textOf(context, 'files/words.txt')).toBe(`${folder.root}/words.txt`);
  });

  it("names the host's certificates to commands as an argument of the build, where there are any", async () => {
    const folder = await serviceFolder(manifestWith('commands: [make]'));
    expect(instructions(await render(folder, 'PEM'))).toContain('ARG NSTACK_CERTIFICATES');
    expect(instructions(await render(folder))).not.toContain('ARG NSTACK_CERTIFICATES');
  });
});

describe('packages that cannot be had', () => {
  it('are named with their place in nstack.yaml, what is near, and PyPI as a way out', async () => {
    const folder = await serviceFolder(
      manifestWith('packages:', '  - libsvm', '  - libsvn', '  - apt:ffmpg'),
    );
    await expect(render(folder)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          message: expect.stringContaining('"libsvn"'),
          hint: expect.stringMatching(/libsvm3.*pip:libsvn/),
          place: { line: 7, column: 5, length: 6 },
          sourceLine: '  - libsvn',
        },
        {
          message: expect.stringContaining('"ffmpg"'),
          hint: 'nearest: ffmpeg',
          place: { line: 8, column: 5 },
        },
      ],
    });
  });

  it('are those of other languages', async () => {
    const folder = await serviceFolder(manifestWith('packages: ["maven:com.acme:tool"]'));
    await expect(createPythonStack().recipe(folder)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ message: expect.stringContaining('maven:com.acme:tool') }],
    });
  });

  it('are told apart from packages that only the network keeps away', async () => {
    const { packages } = await createPythonStack().recipe(
      await serviceFolder(manifestWith('packages: ["pip:nmpy>=2"]')),
    );
    const unknown =
      'ERROR: Could not find a version that satisfies the requirement nmpy>=2 (from versions: none)';
    expect(packages.explain(unknown)).toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ message: '"pip:nmpy>=2": PyPI has no package "nmpy"', place: { line: 5 } }],
    });
    const tooNew =
      'ERROR: Could not find a version that satisfies the requirement nmpy>=2 (from versions: 1.0, 1.1)';
    expect(packages.explain(tooNew)).toMatchObject({
      diagnostics: [{ hint: 'the newest there are: 1.1, 1.0' }],
    });
    const offline = [
      "WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError': /simple/nmpy/",
      "HTTPSConnectionPool(host='pypi.org', port=443): Max retries exceeded (Caused by NewConnectionError('...'))",
      unknown,
    ].join('\n');
    expect(packages.explain(offline)).toMatchObject({
      code: 'network',
      message: expect.stringContaining('pypi.org'),
    });
    expect(packages.explain("Temporary failure resolving 'deb.debian.org'")).toMatchObject({
      code: 'network',
    });
    expect(packages.explain("E: Version '1:9' for 'ffmpeg' was not found")).toMatchObject({
      code: 'package-unknown',
      hint: expect.stringContaining('apt:ffmpeg'),
    });
    expect(packages.explain('error: command gcc failed')).toBeUndefined();
  });
});

describe('the version of the stack', () => {
  it.each(['3.13', '3'])('%s is what the base offers', async (version) => {
    await expect(render(await serviceFolder(withVersion(version)))).resolves.toBeDefined();
  });

  it.each(['3.11', '3.1', '2.7'])('%s is refused, naming what is on offer', async (version) => {
    await expect(render(await serviceFolder(withVersion(version)))).rejects.toMatchObject({
      code: 'stack-unknown',
      hint: expect.stringContaining('3.13'),
    });
  });

  function withVersion(version: string) {
    return {
      'nstack.yaml': `name: Greeter\nstack: {language: python, version: "${version}"}\napi: |\n  greet : Text -> Text\n`,
    };
  }
});

describe('the key of packages', () => {
  it('is the same for the same wishes, wherever the folder and however they are ordered', async () => {
    const one = await key(manifestWith('packages: [libsvm, "apt:ffmpeg"]'));
    expect(await key(manifestWith('# a remark', 'packages: ["apt:ffmpeg", libsvm]'))).toBe(one);
  });

  it.each<[string, Readonly<Record<string, string>>]>([
    ['an OS package', manifestWith('packages: [libsvm]')],
    ['a Python package', manifestWith('packages: ["pip:libsvm"]')],
    ['requirements.txt', { 'requirements.txt': 'idna\n' }],
    ['a command', manifestWith('commands: [make]')],
  ])('is another with %s', async (_, files) => {
    expect(await key(files)).not.toBe(await key({}));
  });

  it('holds the files where commands see them, and only there', async () => {
    const commands = manifestWith('files: [a.txt]', 'commands: [make]');
    expect(await key({ ...commands, 'a.txt': '1' })).not.toBe(await key({ ...commands, 'a.txt': '2' }));
    const alone = manifestWith('files: [a.txt]');
    expect(await key({ ...alone, 'a.txt': '1' })).toBe(await key({ ...alone, 'a.txt': '2' }));
  });

  async function key(files: Readonly<Record<string, string>>): Promise<string> {
    const { packages } = await createPythonStack().recipe(await serviceFolder(files));
    return packages.key;
  }
});

describe('the layers of a Python service', () => {
  it('are the shim, the files and the code, what changes least first', async () => {
    const folder = await serviceFolder({
      ...manifestWith('files: [data.csv, service.py]'),
      'data.csv': 'd',
    });
    const { layers, env, entrypoint } = await createPythonStack().recipe(folder);
    expect(layers.map(({ name }) => name)).toEqual(['shim', 'files', 'code']);
    const [shim, files, code] = layers.map((layer) => layer.files.map(({ path }) => path));
    expect(shim).toContain('/nstack/python/nstack/__main__.py');
    expect(shim?.every((path) => path.startsWith('/nstack/python/nstack/'))).toBe(true);
    expect(files).toEqual(['/service/data.csv']);
    expect(code).toEqual(['/service/service.py']);
    expect(env).toMatchObject({ NSTACK_ENTRY: '/service/service.py', PYTHONPATH: '/nstack/python:/service' });
    expect(entrypoint).toEqual(['/usr/bin/python3', '-m', 'nstack']);
  });

  it('hold the code where the manifest says it is', async () => {
    const folder = await serviceFolder({ ...manifestWith('entry: src/main.py'), 'src/main.py': 'x = 1\n' });
    const { layers, env } = await createPythonStack().recipe(folder);
    expect(layers.at(-1)?.files.map(({ path }) => path)).toEqual(['/service/src/main.py']);
    expect(env.NSTACK_ENTRY).toBe('/service/src/main.py');
  });
});
