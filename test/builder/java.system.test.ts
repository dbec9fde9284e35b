import { join } from 'node:path';
import { beforeAll, describe, expect, it } from 'vitest';
import { packageRoot } from '../../src/core/index.ts';
import type { ContainerEngine } from '../../src/engine/index.ts';
import { readManifest } from '../../src/manifest/index.ts';
import { createJavaStack } from '../../src/stacks/java/java-stack.ts';
import { javaFolder } from '../stacks/java/java-folder.ts';
import { serviceFolder } from '../stacks/support/service-folder.ts';
import { runShell, testEngine } from '../support/engine.ts';
import { answerOf, build, stagesLeft, temporaryName } from './support/built-service.ts';

let engine: ContainerEngine;
beforeAll(async () => {
  engine = await testEngine();
});

/** nstack.yaml of a service of one function without arguments, and more lines. */
function manifestOf(name: string, ...lines: readonly string[]): string {
  return [`name: ${name}`, 'stack: java', 'api: |', '  answer : () -> Text', ...lines, ''].join('\n');
}

/** Service.java, whose answer a Java expression makes. */
function codeOf(expression: string, ...imports: readonly string[]): string {
  const lines = imports.map((name) => `import ${name};\n`).join('');
  return `${lines}\npublic class Service {\n    public String answer() throws Exception {\n        return ${expression};\n    }\n}\n`;
}

const pom = `<project>
  <modelVersion>4.0.0</modelVersion>
  <groupId>com.acme</groupId>
  <artifactId>titles</artifactId>
  <version>1.0-SNAPSHOT</version>
  <dependencies>
    <dependency>
      <groupId>org.apache.commons</groupId>
      <artifactId>commons-text</artifactId>
      <version>1.12.0</version>
    </dependency>
    <dependency>
      <groupId>org.jspecify</groupId>
      <artifactId>jspecify</artifactId>
      <version>1.0.0</version>
      <scope>provided</scope>
    </dependency>
    <dependency>
      <groupId>org.junit.jupiter</groupId>
      <artifactId>junit-jupiter</artifactId>
      <version>5.10.3</version>
      <scope>test</scope>
    </dependency>
  </dependencies>
</project>
`;

describe('a Java service', () => {
  it('is built as `nstack init` wrote it, again where its code changed, and only there', async () => {
    const name = temporaryName(engine);
    const files = await createJavaStack().skeleton(name);
    const written = Object.fromEntries(files.map(({ path, content }) => [path, content]));
    const folder = await serviceFolder({ 'service.py': undefined, ...written });
    expect(await build(engine, folder)).toMatchObject({ changed: true });
    expect(await build(engine, folder)).toMatchObject({ changed: false });

    const changed = written['Service.java']?.replace('Hello', 'Good day');
    const other = await serviceFolder({ 'service.py': undefined, ...written, 'Service.java': changed });
    const { steps } = await build(engine, other);
    expect(steps.map(({ step }) => step)).toEqual([
      'compile the code',
      'put the image together',
      'prove the contract',
    ]);
  });

  it('has packages from Debian and from Maven, and nothing of how they came', async () => {
    const name = temporaryName(engine);
    const expression =
      'StatUtils.max(new double[] {1, 7}) + " " + new svm_node().index + " " + Files.readString(Path.of("made.txt"))';
    const folder = await javaFolder({
      'nstack.yaml': manifestOf(
        name,
        'packages: [libsvm, "maven:org.apache.commons:commons-math3:3.6.1"]',
        'files: [words.txt]',
        'commands: ["tr a-z A-Z <words.txt >made.txt"]',
      ),
      'words.txt': 'words',
      'Service.java': codeOf(
        expression,
        'org.apache.commons.math3.stat.StatUtils',
        'libsvm.svm_node',
        'java.nio.file.Files',
        'java.nio.file.Path',
      ),
    });
    const { service } = await build(engine, folder);
    expect(await answerOf(engine, service.image, folder)).toBe('7.0 0 WORDS');

    const script = `ls /nstack/java /nstack/java/lib; ls -d /nstack-maven /root/.m2 /usr/bin/mvn /usr/bin/javac /out /build 2>/dev/null
      find / -xdev -type f '(' -name '*.deb' -o -name '*.java' ')' 2>/dev/null; env | cut -d= -f1`;
    const { output } = await runShell(engine, script, { image: service.image });
    const lines = output.trim().split('\n').sort();
    expect(lines).toEqual(
      [
        ...['/nstack/java:', '/nstack/java/lib:', '', 'lib', 'nstack.jar', 'options', 'service.jsa'],
        'org.apache.commons.commons-math3-3.6.1.jar',
        ...['HOME', 'HOSTNAME', 'LC_ALL', 'PATH', 'PWD'],
      ].sort(),
    );
  });

  it("may be a Maven project, with its pom's dependencies and its resources", async () => {
    const name = temporaryName(engine);
    const expression =
      'WordUtils.capitalize("ada") + new String(Service.class.getResourceAsStream("/title.txt").readAllBytes())';
    const code = codeOf(
      expression,
      'org.apache.commons.text.WordUtils',
      'org.jspecify.annotations.NonNull',
    ).replace('public String', 'public @NonNull String');
    const folder = await javaFolder({
      'nstack.yaml': manifestOf(name),
      'pom.xml': pom,
      'src/main/java/com/acme/Service.java': `package com.acme;\n${code}`,
      'src/main/resources/title.txt': ', Countess',
      'src/test/java/com/acme/ServiceTest.java':
        'package com.acme; import org.junit.jupiter.api.Test; class ServiceTest {}',
    });
    const { service } = await build(engine, folder);
    expect(await answerOf(engine, service.image, folder)).toBe('Ada, Countess');
    const { output } = await runShell(engine, 'ls /nstack/java/lib', { image: service.image });
    expect(output.trim().split('\n')).toEqual([
      'org.apache.commons.commons-lang3-3.14.0.jar',
      'org.apache.commons.commons-text-1.12.0.jar',
    ]);
  });

  it('may have nstack as a library for its unit tests, which no registry needs to have', async () => {
    const root = join(packageRoot(), 'test/fixtures/java-unit-tests');
    const { manifest, file } = await readManifest(root);
    const folder = {
      root,
      manifest: { ...manifest, name: temporaryName(engine) },
      manifestFile: file,
    };
    expect(await build(engine, folder)).toMatchObject({ changed: true });
  });

  it('that does not compile fails at its lines', async () => {
    const folder = await javaFolder({
      'nstack.yaml': manifestOf(temporaryName(engine)),
      'Service.java': codeOf('greeting() + Foo.bar'),
    });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'build-failed',
      diagnostics: [
        {
          message: expect.stringContaining('greeting'),
          place: { file: expect.stringMatching(/Service\.java$/), line: 4, column: 16, length: 8 },
          sourceLine: '        return greeting() + Foo.bar;',
        },
        { message: expect.stringContaining('Foo'), place: { line: 4, column: 29, length: 3 } },
      ],
    });
  });

  it('that asks for a jar that is not there fails at its line of nstack.yaml', async () => {
    const folder = await javaFolder({
      'nstack.yaml': manifestOf(
        temporaryName(engine),
        'packages:',
        '  - maven:org.apache.commons:commons-maths:3.6.1',
      ),
      'Service.java': codeOf('""'),
    });
    await expect(build(engine, folder)).rejects.toMatchObject({
      code: 'package-unknown',
      diagnostics: [
        {
          message: expect.stringContaining('Maven Central has no org.apache.commons:commons-maths 3.6.1'),
          place: { line: 6, column: 5 },
          sourceLine: '  - maven:org.apache.commons:commons-maths:3.6.1',
        },
      ],
    });
    expect(await stagesLeft(engine)).toEqual([]);
  });
});
