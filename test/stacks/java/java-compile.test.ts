import { describe, expect, it } from 'vitest';
import { createJavaStack } from '../../../src/stacks/java/java-stack.ts';
import type { CompileRecipe, Recipe, ServiceFolder } from '../../../src/stacks/stack.ts';
import { javaFolder } from './java-folder.ts';

const service = 'public class Service {}\n';

async function compileOf(folder: ServiceFolder): Promise<CompileRecipe> {
  return compilePart(await createJavaStack().recipe(folder));
}

function compilePart({ compile }: Recipe): CompileRecipe {
  if (compile === undefined) throw new Error('Java is compiled');
  return compile;
}

function pathsOf({ sources }: CompileRecipe): readonly string[] {
  return sources.map(({ path }) => path);
}

describe('what is compiled', () => {
  it('is Service.java with the files beside it', async () => {
    const recipe = await compileOf(
      await javaFolder({
        'Service.java': service,
        'Model.java': 'class Model {}',
        'module-info.java': 'module a {}',
        'ServiceTest.java': 'import org.junit.jupiter.api.Test;\nclass ServiceTest {}',
        'BloodTest.java': 'record BloodTest(String name) {}',
        'target/Old.java': 'class Old {}',
        'pom.xml': '<project/>',
      }),
    );
    expect(pathsOf(recipe)).toEqual([
      '/build/src/BloodTest.java',
      '/build/src/Model.java',
      '/build/src/Service.java',
    ]);
    expect(recipe.env).toMatchObject({ NSTACK_ENTRY: 'Service.java', NSTACK_SOURCE_ROOT: '' });
  });

  it("is all of Maven's folder, with its resources", async () => {
    const recipe = await compileOf(
      await javaFolder({
        'src/main/java/com/acme/Service.java': `package com.acme;\n${service}`,
        'src/main/java/org/other/Tool.java': 'package org.other; class Tool {}',
        'src/main/java/com/acme/notes.txt': '',
        'src/main/resources/words/en.txt': 'hello',
        'src/test/java/com/acme/ServiceTest.java': 'package com.acme;',
      }),
    );
    expect(pathsOf(recipe)).toEqual([
      '/build/src/com/acme/Service.java',
      '/build/src/org/other/Tool.java',
      '/build/resources/words/en.txt',
    ]);
    expect(recipe.env).toMatchObject({
      NSTACK_ENTRY: 'com/acme/Service.java',
      NSTACK_SOURCE_ROOT: 'src/main/java',
    });
  });

  it('is the package of the entry, wherever that stands', async () => {
    const recipe = await compileOf(
      await javaFolder(
        {
          'lib/com/acme/Score.java': 'package com.acme; public class Score {}',
          'lib/com/acme/deep/Model.java': 'package com.acme.deep; class Model {}',
          'lib/org/Other.java': 'package org; class Other {}',
        },
        ['entry: lib/com/acme/Score.java'],
      ),
    );
    expect(pathsOf(recipe)).toEqual([
      '/build/src/com/acme/Score.java',
      '/build/src/com/acme/deep/Model.java',
    ]);
    expect(recipe.env).toMatchObject({ NSTACK_ENTRY: 'com/acme/Score.java', NSTACK_SOURCE_ROOT: 'lib' });
  });
});

describe("the compiler's findings", () => {
  it("stand at their places in the author's files", async () => {
    const folder = await javaFolder({
      'Service.java': 'public class Service {\n  String greet() { return nam; }\n}\n',
    });
    const { explain } = await compileOf(folder);
    const finding = {
      nstack: 'diagnostic',
      severity: 'error',
      file: 'Service.java',
      line: 2,
      column: 27,
      length: 3,
      message: 'cannot find symbol: variable nam',
      code: 'compiler.err.cant.resolve.location',
    };
    const output = [
      'a word of the compiler',
      JSON.stringify(finding),
      JSON.stringify(finding),
      '{"nstack":"diag',
    ];
    expect(explain(output.join('\n'))).toEqual([
      {
        code: 'compile-error',
        severity: 'error',
        message: 'cannot find symbol: variable nam',
        place: { file: expect.stringMatching(/Service\.java$/), line: 2, column: 27, length: 3 },
        sourceLine: '  String greet() { return nam; }',
      },
    ]);
  });

  it('name packages as a way out where one is missing', async () => {
    const { explain } = await compileOf(await javaFolder({ 'Service.java': service }));
    const finding = {
      nstack: 'diagnostic',
      severity: 'error',
      message: 'package org.acme does not exist',
      code: 'compiler.err.doesnt.exist',
    };
    expect(explain(JSON.stringify(finding))).toEqual([
      {
        code: 'compile-error',
        severity: 'error',
        message: finding.message,
        hint: expect.stringContaining('maven:'),
      },
    ]);
  });
});

describe('the toolchain of a Java service', () => {
  const pom = (scope: string) =>
    `<project><dependencies><dependency><groupId>a</groupId><artifactId>b</artifactId><version>1</version><scope>${scope}</scope></dependency></dependencies></project>`;

  it('stands on the packages, and takes the compiled shim over from what all services share', async () => {
    const { toolchain } = await compileOf(await javaFolder({ 'Service.java': service }));
    expect(toolchain.on).toBe('packages');
    const { dockerfile, files } = await render(toolchain);
    expect(dockerfile.match(/^(?:FROM|RUN|COPY) .*/gm)).toEqual([
      'FROM nstack/layers:x AS compiler',
      'COPY --from=shared-compiler /nstack /nstack',
    ]);
    expect(files).toEqual([]);
    const shared = toolchain.shared?.compiler;
    expect(shared?.layer).toBe('runtime');
    const tools = shared?.render({ base: 'nstack/layers:runtime', certificates: '' });
    expect(tools?.dockerfile.match(/^FROM .*/gm)).toEqual([
      'FROM nstack/layers:runtime AS shim',
      'FROM nstack/layers:runtime AS shared-compiler',
    ]);
    const paths = tools?.files.map(({ path }) => path);
    expect(paths).toContain('warm-up/Service.java');
    expect(paths).toContain('shim/src/main/java/io/nstack/json/JsonReader.java');
  });

  it('fetches what a pom.xml wants to compile against alone', async () => {
    const provided = await compileOf(
      await javaFolder({ 'Service.java': service, 'pom.xml': pom('provided') }),
    );
    const { dockerfile, files } = await render(provided.toolchain);
    expect(dockerfile).toContain('"/nstack-maven/resolve.sh", "provided", "/out/nstack/java/provided"]');
    expect(files.map(({ path }) => path)).toContain('maven/pom.xml');
    const runtime = await compileOf(await javaFolder({ 'Service.java': service, 'pom.xml': pom('runtime') }));
    expect((await render(runtime.toolchain)).dockerfile).not.toContain('maven');
    expect(provided.toolchain.key).not.toBe(runtime.toolchain.key);
  });

  it('fetches nothing for a pom.xml that wants nstack alone, for unit tests', async () => {
    const nstack =
      '<dependency><groupId>io.nstack</groupId><artifactId>nstack</artifactId><version>1</version><scope>provided</scope></dependency>';
    const poms = [pom('test'), pom('provided')].map((text) => text.replace('<dependency>', `${nstack}$&`));
    const files = poms.map((text) => javaFolder({ 'Service.java': service, 'pom.xml': text }));
    const recipes = await Promise.all(files.map(async (folder) => compileOf(await folder)));
    const dockerfiles = await Promise.all(
      recipes.map(async ({ toolchain }) => (await render(toolchain)).dockerfile),
    );
    expect(dockerfiles[0]).not.toContain('maven');
    expect(dockerfiles[1]).toContain('"provided"');
  });

  function render(toolchain: CompileRecipe['toolchain']) {
    const index = () => Promise.reject(new Error('nothing is resolved here'));
    return toolchain.render({ base: 'nstack/layers:x', certificates: '', index });
  }
});

describe('the image of a Java service', () => {
  it('keeps the protocol out of reach of what code prints', async () => {
    const { entrypoint, workdir } = await createJavaStack().recipe(
      await javaFolder({ 'Service.java': service }),
    );
    expect(entrypoint).toEqual([
      '/bin/sh',
      '-c',
      expect.stringMatching(/^exec .* 3<&0 4>&1 <\/dev\/null 1>&2$/),
    ]);
    expect(workdir).toBe('/service');
  });

  it('has the files that the manifest names', async () => {
    const folder = await javaFolder({ 'Service.java': service, 'a.txt': 'a' }, ['files: [a.txt]']);
    const { layers } = await createJavaStack().recipe(folder);
    expect(layers.map(({ name, files }) => [name, files.map(({ path }) => path)])).toEqual([
      ['files', ['/service/a.txt']],
    ]);
  });
});
