import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { baseReference } from '../../../src/builder/base/base-image.ts';
import { debianIndex, debianLists } from '../../../src/builder/packages/debian-index.ts';
import { readHostNetwork } from '../../../src/builder/packages/host-network.ts';
import type { BuildProgress } from '../../../src/builder/progress.ts';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import { serviceFolder } from '../../stacks/support/service-folder.ts';
import { buildFrom, runShell, temporaryTag, testEngine } from '../../support/engine.ts';
import { docker } from '../../support/nstack.ts';
import { selfSigned } from '../../support/self-signed.ts';
import {
  answerOf,
  build,
  codeOf,
  manifestOf,
  ownPackages,
  packagesOf,
  stagesLeft,
  temporaryName,
} from '../support/built-service.ts';
import { temporaryFolder } from '../support/temporary-folder.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** Which of the texts are anywhere in the saved image: its layers, its config, whatever else the engine keeps with it. */
async function markersIn(image: string, markers: readonly string[]): Promise<readonly string[]> {
  const found = new Set<string>();
  let end = '';
  for await (const chunk of await engine.saveImage(image)) {
    const text = end + (chunk as Buffer).toString('latin1');
    for (const marker of markers.filter((one) => text.includes(one))) found.add(marker);
    end = text.slice(-100);
  }
  return [...found];
}

describe('the packages of a service', () => {
  it('come from Debian, from PyPI, from requirements.txt and from commands, and nothing of how they came is in the image', async () => {
    const { cert: certificate } = await selfSigned('nstack test');
    vi.stubEnv('NODE_EXTRA_CA_CERTS', certificate);
    vi.stubEnv('no_proxy', 'proxy-of-the-test.invalid');
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(
        name,
        'packages: [libsvm, "pip:humanize>=4"]',
        'files: ["data/*.txt"]',
        'commands:',
        '  - cat data/*.txt > made.txt && echo "$no_proxy" | wc -c >> made.txt',
        '  - test "$(grep -c BEGIN "$SSL_CERT_FILE")" -ge 1 && echo "certificates were there" >> made.txt',
      ),
      'requirements.txt': `# of ${name} alone\nidna==3.10\n`,
      'data/one.txt': 'one ',
      'data/two.txt': 'two ',
      'data/left-out.csv': 'no',
      'service.py': codeOf(
        '" ".join([humanize.intcomma(1234567), idna.__version__, str(len(dir(svm)) > 10), open("/service/made.txt").read()])',
        'import humanize, idna',
        'import svm',
      ),
    });
    await ownPackages(engine, folder);
    const { service } = await build(engine, folder);
    const answer = await answerOf(engine, service.image, folder);
    expect(answer).toBe('1,234,567 3.10 True one two 26\ncertificates were there\n');

    const body = (await readFile(certificate, 'utf8')).split('\n')[3] ?? '';
    expect(body).toHaveLength(64);
    const searched = `
      for folder in bin etc home lib nstack opt root run service srv tmp usr var; do
        grep -rlF -e '${body}' -e proxy-of-the-test "/$folder" 2>/dev/null
      done
      ls -d /out /nstack-pip /venv /var/lib/apt/lists/*Packages* /usr/bin/pip3 /usr/bin/gcc 2>/dev/null
      ls /service/data; env`;
    const { output } = await runShell(engine, searched, { image: service.image });
    const [one, two, ...env] = output.trim().split('\n');
    expect([one, two]).toEqual(['one.txt', 'two.txt']);
    expect(env.map((line) => line.split('=')[0]).sort()).toEqual(
      ['HOME', 'HOSTNAME', 'NSTACK_ENTRY', 'PATH', 'PWD', 'PYTHONDONTWRITEBYTECODE', 'PYTHONPATH'].sort(),
    );
    const told = await docker('image', 'inspect', service.image).then(
      async (inspected) => inspected + (await docker('history', '--no-trunc', service.image)),
    );
    expect(told).not.toMatch(/proxy-of-the-test|BEGIN CERTIFICATE|apt-get/);
    expect(await markersIn(service.image, [body, 'proxy-of-the-test'])).toEqual([]);
    expect(await stagesLeft(engine)).toEqual([]);

    expect(await build(engine, folder)).toMatchObject({ changed: false });
  });

  it('that Debian does not have fail at their line of nstack.yaml, before anything is installed', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'packages:', '  - libsvn', '  - numpi'),
      'service.py': codeOf('""'),
    });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          hint: expect.stringMatching(/libsvn1.*pip:libsvn/),
          place: { line: 6, column: 5 },
          sourceLine: '  - libsvn',
        },
        { hint: expect.stringContaining('pip:numpi'), place: { line: 7, column: 5 } },
      ],
    });
    expect(await engine.listImages(`io.nstack.name=${name}`)).toEqual([]);
  });

  it('that the lists of the day tell of, and Debian has no more, are looked for in new lists', async () => {
    const cache = await temporaryFolder();
    vi.stubEnv('XDG_CACHE_HOME', cache);
    const base = await engine.inspectImage(baseReference);
    const asked = {
      base: { reference: baseReference, id: base?.id ?? '' },
      folder: join(cache, 'nstack'),
      network: await readHostNetwork(),
      onLine: () => {},
      signal: AbortSignal.timeout(60_000),
    };
    await debianIndex(engine, asked);
    const lists = (await debianLists(asked)) ?? '';
    const spoil = `cd "$1" && tar -xf "$2" && rm -r var/cache && sed -i 's,^Filename: pool/,Filename: gone/,' var/lib/apt/lists/*_Packages && tar -cf "$2" var`;
    await promisify(execFile)('sh', ['-euc', spoil, 'spoil', await temporaryFolder(), lists]);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(temporaryName(engine), 'packages: ["apt:python3-toposort"]'),
      'service.py': codeOf('toposort.__name__', 'import toposort'),
    });
    // Another run is to install it again.
    onTestFinished(async () => {
      const packages = await engine.inspectImage(await packagesOf(engine, folder));
      for (const tag of packages?.tags ?? []) await engine.removeImage(tag);
    });
    const said: string[] = [];
    const onProgress = (event: BuildProgress) => void (event.kind === 'detail' && said.push(event.text));
    const { service } = await build(engine, folder, { onProgress });
    expect(said.join('\n')).toMatch(/Failed to fetch \S+\/gone\//);
    expect(await answerOf(engine, service.image, folder)).toBe('toposort');
  });

  it('are looked up where apt keeps nothing of what it has read, as in the images of Debian for containers', async () => {
    const folder = await temporaryFolder();
    const tag = temporaryTag(engine);
    const clean = 'Dir::Cache::pkgcache \\"\\"; Dir::Cache::srcpkgcache \\"\\";';
    const dockerfile = `FROM ${baseReference}\nRUN echo "${clean}" >/etc/apt/apt.conf.d/docker-clean\n`;
    const id = await buildFrom(engine, dockerfile, { tag });
    const network = await readHostNetwork();
    const asked = {
      base: { reference: tag, id },
      folder,
      network,
      onLine: () => {},
      signal: AbortSignal.timeout(60_000),
    };
    expect((await debianIndex(engine, asked)).find('python3')?.version).toMatch(/^3\./);
    expect(await debianLists(asked)).toBeDefined();
  });

  it('that PyPI does not have fail at their line of nstack.yaml too', async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'packages: ["pip:humanize>=99"]'),
      'service.py': codeOf('""'),
    });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          message: expect.stringContaining('humanize>=99'),
          hint: expect.stringContaining('4.'),
          place: { line: 5 },
        },
      ],
    });
    expect(await stagesLeft(engine)).toEqual([]);
  });

  it('and commands change, replace and remove what the image below has, and what others of them have made', async () => {
    const name = temporaryName(engine);
    const commands = [
      // A file of the base that goes, one that changes, and one whose links are changed alone.
      'rm /etc/issue.net && echo changed >> /etc/issue && mkdir /opt/t && echo one > /opt/t/a && ln /opt/t/a /opt/t/b && (sleep 600 &)',
      // A folder of the base that is another one, one that is a file, and a file that is a folder.
      '! grep -qx sleep /proc/[0-9]*/comm && rm -r /etc/cron.daily && mkdir /etc/cron.daily && touch /etc/cron.daily/own && rm -r /etc/skel && echo file > /etc/skel && rm /etc/debian_version && mkdir /etc/debian_version',
      // Names that shells, tar and lists of lines stumble over.
      `cd /opt/t && touch -- -rf "with  blanks" "with 'quotes' and \\"others\\"" .wh && touch "$(printf 'two\\nlines')" && ln -s ../t loop && ln -s /nowhere "broken link" && touch "gr\u00f6\u00dfe"`,
      'mkdir /opt/gone && touch /opt/gone/one && rm -r /opt/gone && chmod 4755 /opt/t/a && chown 7:8 /opt/t/-rf && mkdir -m 1777 /opt/t/open && mkfifo /opt/t/pipe',
    ];
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(
        name,
        'commands:',
        ...commands.map((one) => `  - ${JSON.stringify(one).replaceAll('\\\\u', '\\u')}`),
      ),
      'service.py': codeOf('""'),
    });
    await ownPackages(engine, folder);
    const { service } = await build(engine, folder);
    const seen = `
      ls /etc/issue.net /opt/gone 2>/dev/null; tail -n1 /etc/issue; ls /etc/cron.daily; cat /etc/skel; ls -d /etc/debian_version/
      cd /opt/t && find . -printf '%y %m %U:%G %n %p %l|' && cat b`;
    const { output } = await runShell(engine, seen, { image: service.image });
    expect(output.split(/[|\n](?!lines)/).toSorted()).toEqual(
      [
        ...['', 'changed', 'file', 'own', '/etc/debian_version/', 'one'],
        'd 755 0:0 3 . ',
        'd 1777 0:0 2 ./open ',
        ...['f 4755 0:0 2 ./a ', 'f 4755 0:0 2 ./b ', 'f 644 7:8 1 ./-rf ', 'f 644 0:0 1 ./größe '],
        ...['f 644 0:0 1 ./.wh ', 'f 644 0:0 1 ./with  blanks ', 'f 644 0:0 1 ./two\nlines '],
        `f 644 0:0 1 ./with 'quotes' and "others" `,
        ...['l 777 0:0 1 ./broken link /nowhere', 'l 777 0:0 1 ./loop ../t', 'p 644 0:0 1 ./pipe '],
      ].toSorted(),
    );
    expect(await stagesLeft(engine)).toEqual([]);
  });

  it("fail with the tool's own last words where a command fails", async () => {
    const name = temporaryName(engine);
    const folder = await serviceFolder({
      'nstack.yaml': manifestOf(name, 'commands: ["echo the model is missing >&2; exit 9"]'),
      'service.py': codeOf('""'),
    });
    const steps: string[] = [];
    const failed = build(engine, folder, {
      onProgress: (event) => {
        if (event.kind === 'begin') steps.push(event.step);
      },
    });
    await expect(failed).rejects.toMatchObject({
      code: 'build-failed',
      message: expect.stringMatching(/the model is missing/),
    });
    expect(steps).toEqual(['install the packages']);
    expect(await docker('ps', '-aq', '--filter', `label=io.nstack.service=${name}`)).toBe('');
  });
});
