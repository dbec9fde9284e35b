import { beforeAll, describe, expect, it } from 'vitest';
import type { ContainerEngine } from '../../../src/engine/index.ts';
import type { InstalledPackage, PackageSystem } from '../../../src/stacks/index.ts';
import { readFolder, serviceFolder, writeFiles } from '../../stacks/support/service-folder.ts';
import { testEngine } from '../../support/engine.ts';
import { answerOf, build, codeOf, manifestOf, temporaryName, watched } from '../support/built-service.ts';
import { changeLock, lockOf } from './support/change-lock.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

interface LockedLanguage {
  readonly language: string;
  readonly files: Readonly<Record<string, string>>;
  /** `packages` of the manifest, as it is locked first and as it becomes. */
  readonly wishes: readonly [string, string];
  /** What a service with the latter answers. */
  readonly answer: RegExp;
  /** A package of it, and what a lock says of that one which nobody can have. */
  readonly system: PackageSystem;
  readonly name: string;
  readonly other: Partial<InstalledPackage>;
  /** How the refusal says so. */
  readonly refusal: RegExp;
}

// Packages that other tests have too: what is installed for one is there for all.
const languages: readonly LockedLanguage[] = [
  {
    language: 'python',
    files: { 'service.py': codeOf('six.__version__', 'import six') },
    wishes: ['pip:six==1.16.0', 'pip:six==1.17.0'],
    answer: /^1\.17\.0$/,
    system: 'pip',
    name: 'six',
    other: { hashes: [`sha256:${'0'.repeat(64)}`] },
    refusal: /six/,
  },
  {
    language: 'java',
    files: {
      'Service.java': `import org.apache.commons.lang3.StringUtils;

public class Service {
    public String answer() throws Exception {
        var told = "/META-INF/maven/org.apache.commons/commons-lang3/pom.properties";
        return new String(StringUtils.class.getResourceAsStream(told).readAllBytes());
    }
}
`,
    },
    wishes: [
      'maven:org.apache.commons:commons-lang3:3.14.0',
      'maven:org.apache.commons:commons-lang3:3.17.0',
    ],
    answer: /^version=3\.17\.0$/m,
    system: 'maven',
    name: 'org.apache.commons:commons-lang3',
    other: { hashes: [`sha256:${'0'.repeat(64)}`] },
    refusal: /commons-lang3/,
  },
  {
    language: 'haskell',
    files: {
      'Service.hs':
        'module Service where\n\nimport Data.Text (Text, pack)\n\nanswer :: Text\nanswer = pack "here"\n',
    },
    wishes: ['libsvm', 'apt:libsvm3'],
    answer: /^here$/,
    system: 'apt',
    name: 'libsvm3',
    other: { version: '3.0-1' },
    refusal: /libsvm3 3\.0-1 is locked, and 3\.\S+ was found/,
  },
];

describe.each(languages)('nstack.lock of a $language service', (locked) => {
  const { language, files, wishes, answer, system, name: changed, other, refusal } = locked;

  it('is what is built until something else is wished for, and is refused where it cannot be had', {
    timeout: 600_000,
  }, async () => {
    const options = { signal: AbortSignal.timeout(590_000) };
    const name = temporaryName(engine);
    const manifest = (wish: string) => manifestOf(name, `packages: ["${wish}"]`).replace('python', language);
    const [former, latter] = wishes;
    const folder = await serviceFolder({
      'service.py': undefined,
      ...files,
      'nstack.yaml': manifest(former),
    });
    expect((await build(engine, folder, options)).lock).toEqual({ written: true, changes: [] });
    expect((await lockOf(folder)).asked).toEqual([former]);
    expect(await build(engine, folder, options)).toMatchObject({ changed: false });
    expect(await build(engine, folder, { ...options, frozen: true })).toMatchObject({ changed: false });

    await writeFiles(folder.root, { 'nstack.yaml': manifest(latter) });
    const renewed = await readFolder(folder.root);
    await expect(build(engine, renewed, { ...options, frozen: true })).rejects.toMatchObject({
      code: 'lock-differs',
      message: expect.stringContaining(`${latter} came; ${former} went`),
    });
    const { service } = await build(engine, renewed, options);
    expect(await answerOf(engine, service.image, renewed)).toMatch(answer);
    const whole = await lockOf(folder);
    expect(whole.packages[system].map((one) => one.name)).toContain(changed);

    // From nothing but the lock.
    await engine.removeImage(service.image);
    const { engine: observed, asked } = watched(engine);
    expect(await build(observed, renewed, options)).toMatchObject({ changed: true });
    expect(asked).not.toContain('buildImage');

    await changeLock(folder, (lock) => ({
      ...lock,
      packages: {
        ...lock.packages,
        [system]: lock.packages[system].map((one) => (one.name === changed ? { ...one, ...other } : one)),
      },
    }));
    await expect(build(engine, renewed, options)).rejects.toMatchObject({
      code: 'lock-differs',
      message: expect.stringMatching(refusal),
      hint: expect.stringContaining('nstack upgrade'),
    });
    await build(engine, renewed, { ...options, upgrade: [`${system}:${changed}`] });
    expect(await lockOf(folder)).toEqual(whole);
    expect(await build(engine, renewed, { ...options, frozen: true })).toMatchObject({ changed: false });
  });
});
