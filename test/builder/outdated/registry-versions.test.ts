import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { OutOfReach, type RegistrySources } from '../../../src/builder/outdated/ask-registry.ts';
import { hackageVersions } from '../../../src/builder/outdated/hackage-versions.ts';
import { mavenVersions } from '../../../src/builder/outdated/maven-versions.ts';
import { pypiVersions } from '../../../src/builder/outdated/pypi-versions.ts';

/** A registry that answers everything with one text, and what it was asked. */
function answering(text: string | undefined, env: NodeJS.ProcessEnv = {}) {
  const asked: string[] = [];
  const sources: RegistrySources = {
    env: { HOME: '/nowhere', PIP_INDEX_URL: 'https://index.example.com/simple/', ...env },
    async ask(url) {
      asked.push(url);
      return text;
    },
  };
  return { asked, sources };
}

const metadata = (...versions: readonly string[]) =>
  `<metadata><versioning><latest>9.9-SNAPSHOT</latest><versions>${versions.map((one) => `<version>\n ${one} </version>`).join('')}</versions></versioning></metadata>`;

describe('the versions that Maven has', () => {
  it('are the released ones, newest first', async () => {
    const { asked, sources } = answering(
      metadata(
        '1.9',
        '1.10',
        '2.0-rc-1',
        '2.0-M3',
        '2.0-beta4',
        '2.0.1-SNAPSHOT',
        '1.10.1',
        '31.1-android',
        '31.1-jre',
        '31.1',
      ),
    );
    expect(await mavenVersions(sources)('com.google.guava:guava')).toEqual([
      '31.1',
      '31.1-jre',
      '31.1-android',
      '1.10.1',
      '1.10',
      '1.9',
    ]);
    expect(asked).toEqual(['https://repo.maven.apache.org/maven2/com/google/guava/guava/maven-metadata.xml']);
  });

  it('are asked of the mirror that settings.xml names', async () => {
    const home = await mkdtemp(join(tmpdir(), 'nstack-outdated-'));
    onTestFinished(() => rm(home, { recursive: true, force: true }));
    await mkdir(join(home, '.m2'));
    await writeFile(
      join(home, '.m2/settings.xml'),
      '<settings><mirrors><mirror><mirrorOf>central</mirrorOf><url>https://jars.example.com/all/</url></mirror></mirrors></settings>',
    );
    const { asked, sources } = answering(undefined, { HOME: home });
    expect(await mavenVersions(sources)('a.b:c')).toEqual([]);
    expect(asked).toEqual(['https://jars.example.com/all/a/b/c/maven-metadata.xml']);
  });
});

describe('the versions that Hackage has', () => {
  it('are those that are not deprecated, as it orders them', async () => {
    const { sources } = answering('{"normal-version":["2.1.2","2.1.1"],"deprecated-version":["2.2"]}');
    expect(await hackageVersions(sources)('text')).toEqual(['2.1.2', '2.1.1']);
  });
});

describe('the versions that PyPI has', () => {
  it('are those of files for this Python that are not withdrawn, newest first', async () => {
    const files = [
      { filename: 'my_six-1.9.tar.gz' },
      { filename: 'my_six-1.10-py3-none-any.whl', 'requires-python': '>=3.8' },
      { filename: 'my_six-1.10.tar.gz', 'requires-python': null },
      { filename: 'my_six-1.11.tar.gz', yanked: 'broken' },
      { filename: 'my_six-1.12.tar.gz', 'requires-python': '<3' },
      { filename: 'my_six-2.0rc1.tar.gz' },
      { filename: 'other-3.0.tar.gz' },
    ];
    const { asked, sources } = answering(JSON.stringify({ files }));
    expect(await pypiVersions(sources)('my-six', '1.9')).toEqual(['1.10', '1.9']);
    expect(await pypiVersions(sources)('my-six', '1.9rc1')).toEqual(['2.0rc1', '1.10', '1.9']);
    expect(asked[0]).toBe('https://index.example.com/simple/my-six/');
  });

  it('are read from a page as well', async () => {
    const { sources } = answering(
      '<a href="x">six-1.0.tar.gz</a><a href="x" data-yanked="">six-1.1.tar.gz</a><a data-requires-python="&lt;3">six-1.2.tar.gz</a><a href="y"> six-0.9.zip </a>',
    );
    expect(await pypiVersions(sources)('six', '1.0')).toEqual(['1.0', '0.9']);
  });
});

describe('an answer that is none', () => {
  it.each(['{', '{"files":{}}', '{"files":"x"}'])('of PyPI, %s, is one that cannot be read', async (text) => {
    const asking = pypiVersions(answering(text).sources)('six', '1.0');
    await expect(asking).rejects.toThrow(OutOfReach);
    await expect(asking).rejects.toThrow('index.example.com: its answer for /simple/six/ cannot be read');
  });

  it.each(['', '[', 'null', '7', '{"normal-version":{"length":1}}', '<html>'])(
    'of Hackage, %j, is one that cannot be read',
    async (text) => {
      await expect(hackageVersions(answering(text).sources)('text')).rejects.toThrow(
        'hackage.haskell.org: its answer for /package/text/preferred cannot be read',
      );
    },
  );

  it.each([
    '{"files":[null,7,"x",{"filename":7},{"filename":"six-"},{"requires-python":{}}]}',
    '{}',
    '',
    '<a <a <a',
  ])('of PyPI, %j, names no version', async (text) => {
    expect(await pypiVersions(answering(text).sources)('six', '1.0')).toEqual([]);
  });

  it('takes no time, however it is made', async () => {
    const files = [{ filename: `six${'-1'.repeat(200_000)}` }, { filename: `${'six-'.repeat(100_000)}1` }];
    expect(await pypiVersions(answering(JSON.stringify({ files })).sources)('six', '1.0')).toEqual([]);
    expect(await mavenVersions(answering('<version> '.repeat(20_000)).sources)('a:b')).toEqual([]);
  }, 2_000);
});
