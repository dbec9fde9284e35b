import { describe, expect, it } from 'vitest';
import { parsePackageIndex } from '../../../src/stacks/debian/package-index.ts';
import { createJavaStack } from '../../../src/stacks/java/java-stack.ts';
import type { BuildContext, ServiceFolder } from '../../../src/stacks/stack.ts';
import { javaFolder } from './java-folder.ts';

const index = parsePackageIndex(
  [
    'openjdk-17-jre-headless\topenjdk-17\t17.0.1\tjava',
    'openjdk-21-jre-headless\topenjdk-21\t21.0.1\tjava',
    'openjdk-25-jre-headless\topenjdk-25\t25.0.1\tjava',
    'libsvm3\tlibsvm\t3.24+ds-6.1\tlibs',
    'libsvm-java\tlibsvm\t3.24+ds-6.1\tjava',
    'python3-libsvm\tlibsvm\t3.24+ds-6.1\tpython',
  ].join('\n'),
);
const code = { 'Service.java': 'public class Service {}\n' };
const pom = (dependencies: string) =>
  `<project>\n  <dependencies>\n${dependencies}\n  </dependencies>\n</project>\n`;
const math =
  '<dependency><groupId>org.apache.commons</groupId>\n<artifactId>commons-math3</artifactId><version>3.6.1</version></dependency>';

async function render(folder: ServiceFolder, certificates = ''): Promise<BuildContext> {
  const { packages } = await createJavaStack().recipe(folder);
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

describe('the Dockerfile of a Java service', () => {
  it('installs the JRE, and nothing else where nothing is asked for', async () => {
    const context = await render(await javaFolder(code));
    const lines = instructions(context);
    expect(lines.filter((line) => line.startsWith('FROM'))).toEqual([
      'FROM nstack/base:trixie AS runtime',
      'FROM runtime AS os',
      'FROM os AS language',
    ]);
    expect(lines.filter((line) => line.startsWith('RUN'))).toEqual([
      expect.stringMatching(/apt-get install .* "apt", "openjdk-21-jre-headless"\]$/),
    ]);
    expect(context.files).toEqual([]);
  });

  it("installs the OS packages that Debian has for bare names, Java's bindings among them", async () => {
    const lines = instructions(await render(await javaFolder(code, ['packages: [libsvm]'])));
    expect(lines).toContainEqual(expect.stringMatching(/"apt", "libsvm-java", "libsvm3"\]$/));
  });

  it('fetches jars in a stage of its own, of which only the jars come along', async () => {
    const folder = await javaFolder({ ...code, 'pom.xml': pom(math) }, [
      'packages: ["maven:com.acme:tool:1.0", "maven:com.acme:other:2:jar:linux"]',
    ]);
    const context = await render(folder, 'PEM');
    const lines = instructions(context);
    expect(lines.slice(lines.indexOf('FROM os AS language'))).toEqual([
      'FROM os AS language',
      'COPY --from=maven /out /',
    ]);
    expect(lines).toContain(
      'RUN ["/bin/sh", "/nstack-maven/resolve.sh", "runtime", "/out/nstack/java/lib", "com.acme:other:2:jar:linux", "com.acme:tool:1.0"]',
    );
    expect(textOf(context, 'maven/pom.xml')).toBe(pom(math));
    expect(textOf(context, 'maven/certificates.pem')).toBe('PEM');
    expect(textOf(context, 'maven/resolve.sh')).toMatch(/templates\/java\/maven\/resolve\.sh$/);
  });

  it('needs no Maven for a pom.xml that asks for nothing', async () => {
    const context = await render(await javaFolder({ ...code, 'pom.xml': '<project></project>' }));
    expect(context.dockerfile).not.toContain('maven');
    expect(context.files).toEqual([]);
  });
});

describe('the version of the stack', () => {
  it.each(['21', '25'])('%s is one that the base offers', async (version) => {
    const context = await render(await withVersion(version));
    expect(context.dockerfile).toContain(`"openjdk-${version}-jre-headless"`);
  });

  it.each(['17', '22', '2'])('%s is refused, naming what is on offer', async (version) => {
    await expect(render(await withVersion(version))).rejects.toMatchObject({
      code: 'stack-unknown',
      hint: 'the base image offers: 21, 25',
    });
  });

  function withVersion(version: string) {
    const manifest = `name: Greeter\nstack: {language: java, version: "${version}"}\napi: |\n  greet : Text -> Text\n`;
    return javaFolder({ ...code, 'nstack.yaml': manifest });
  }
});

describe('packages that cannot be had', () => {
  it('are those of other languages', async () => {
    const folder = await javaFolder(code, ['packages: ["pip:numpy"]']);
    await expect(createJavaStack().recipe(folder)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [{ message: '"pip:numpy" is no package of a Java service', place: { line: 5 } }],
    });
  });

  it('are jars without a version, which nothing else gives', async () => {
    const lines = ['packages: ["maven:com.acme:tool"]'];
    await expect(createJavaStack().recipe(await javaFolder(code, lines))).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          message: '"maven:com.acme:tool" names no version',
          hint: expect.stringContaining('maven:com.acme:tool:VERSION'),
        },
      ],
    });
    await expect(
      createJavaStack().recipe(await javaFolder({ ...code, 'pom.xml': pom(math) }, lines)),
    ).resolves.toBeDefined();
  });

  it('are named with their places in nstack.yaml and pom.xml', async () => {
    const folder = await javaFolder({ ...code, 'pom.xml': pom(math) }, [
      'packages:',
      '  - maven:com.google.guava:guawa:33.0.0-jre',
    ]);
    const { packages } = await createJavaStack().recipe(folder);
    const missing = (name: string) =>
      `[ERROR] \tCould not find artifact ${name} in central (https://repo.maven.apache.org/maven2)`;
    const output = [
      '[ERROR] Failed to execute goal on project service: Could not resolve dependencies for project io.nstack:service:jar:1',
      '[ERROR] dependency: com.google.guava:guawa:jar:33.0.0-jre (compile)',
      missing('com.google.guava:guawa:jar:33.0.0-jre'),
      missing('org.apache.commons:commons-math3:jar:3.6.1'),
      missing('com.acme:deep:jar:1'),
    ].join('\n');
    expect(packages.explain(output)).toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          message:
            '"maven:com.google.guava:guawa:33.0.0-jre": Maven Central has no com.google.guava:guawa 33.0.0-jre',
          hint: expect.stringContaining('https://central.sonatype.com/artifact/com.google.guava/guawa'),
          place: { line: 6, column: 5 },
        },
        {
          message: 'Maven Central has no org.apache.commons:commons-math3 3.6.1',
          place: { file: expect.stringMatching(/pom\.xml$/), line: 4, column: 13, length: 13 },
        },
        { message: 'Maven Central has no com.acme:deep 1, which another package needs' },
      ],
    });
  });

  it("are parents that only the author's machine has", async () => {
    const folder = await javaFolder({
      ...code,
      'pom.xml': '<project><parent>\n<artifactId>parent</artifactId></parent></project>',
    });
    const { packages } = await createJavaStack().recipe(folder);
    const output =
      "[FATAL] Non-resolvable parent POM for com.acme:b:1: Could not find artifact com.acme:parent:pom:1 in central (https://repo.maven.apache.org/maven2) and 'parent.relativePath' points at no local POM";
    expect(packages.explain(output)).toMatchObject({
      diagnostics: [{ hint: expect.stringContaining('stands alone'), place: { line: 2 } }],
    });
  });

  it('are told apart from packages that only the network keeps away', async () => {
    const { packages } = await createJavaStack().recipe(await javaFolder(code));
    const transfer = (rest: string) =>
      `Could not transfer artifact a:b:pom:1 from/to central (https://repo.maven.apache.org/maven2): transfer failed for https://repo.maven.apache.org/maven2/a/b/1/b-1.pom${rest}`;
    expect(packages.explain(transfer(''))).toMatchObject({
      code: 'network',
      message: 'Greeter: the build cannot reach repo.maven.apache.org',
    });
    expect(packages.explain(transfer(', status: 403 Forbidden'))).toBeUndefined();
    expect(packages.explain("Temporary failure resolving 'deb.debian.org'")).toMatchObject({
      code: 'network',
    });
    expect(packages.explain('make: *** [all] Error 1')).toBeUndefined();
  });

  it('are not what a pom.xml means that is no pom', async () => {
    const { packages } = await createJavaStack().recipe(
      await javaFolder({ ...code, 'pom.xml': '<project>\n  <dependency></depends></project>' }),
    );
    const output =
      'Exception in thread "main" org.codehaus.plexus.util.xml.pull.XmlPullParserException: end tag name </depends> must match <dependency> (position: START_TAG seen ...<dependency></depends>... @2:25) ';
    expect(packages.explain(output)).toMatchObject({
      code: 'file-unreadable',
      diagnostics: [
        {
          message: 'end tag name </depends> must match <dependency>',
          place: { line: 2, column: 25 },
          sourceLine: '  <dependency></depends></project>',
        },
      ],
    });
  });
});

describe('the key of packages', () => {
  it('is the same for the same wishes, however they are ordered', async () => {
    const one = await key(['packages: ["maven:a:b:1", "maven:a:c:1"]']);
    expect(await key(['# a remark', 'packages: ["maven:a:c:1", "maven:a:b:1"]'])).toBe(one);
  });

  it.each<[string, readonly string[], Readonly<Record<string, string>>]>([
    ['an OS package', ['packages: [libsvm]'], {}],
    ['a jar', ['packages: ["maven:a:b:1"]'], {}],
    ['pom.xml', [], { 'pom.xml': pom(math) }],
    ['a command', ['commands: [make]'], {}],
  ])('is another with %s', async (_, lines, files) => {
    expect(await key(lines, files)).not.toBe(await key([]));
  });

  async function key(
    lines: readonly string[],
    files: Readonly<Record<string, string>> = {},
  ): Promise<string> {
    const { packages } = await createJavaStack().recipe(await javaFolder({ ...code, ...files }, lines));
    return packages.key;
  }
});
