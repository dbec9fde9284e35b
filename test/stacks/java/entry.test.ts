import { describe, expect, it } from 'vitest';
import { entryOf, javaEntry, packageOf } from '../../../src/stacks/java/entry.ts';
import { javaFolder } from './java-folder.ts';

const code = 'public class Service {}\n';

describe('the code of a Java service', () => {
  it.each<[string, Readonly<Record<string, string>>, object]>([
    [
      'Service.java in its folder',
      { 'Service.java': code },
      { path: 'Service.java', sourceRoot: '', className: 'Service' },
    ],
    [
      "that of Maven's folder",
      { 'src/main/java/Service.java': code },
      { path: 'src/main/java/Service.java', sourceRoot: 'src/main/java', className: 'Service' },
    ],
    [
      'the one in a package there',
      { 'src/main/java/com/acme/Service.java': `package com.acme;\n${code}` },
      {
        path: 'src/main/java/com/acme/Service.java',
        sourceRoot: 'src/main/java',
        packageName: 'com.acme',
        className: 'com.acme.Service',
      },
    ],
  ])('is %s', async (_, files, expected) => {
    expect(await javaEntry(await javaFolder(files))).toMatchObject(expected);
  });

  it.each<[string, string, string, string]>([
    ['lib/com/acme/Score.java', 'package com.acme;', 'lib', 'com.acme.Score'],
    ['com/acme/Score.java', 'package com.acme;', '', 'com.acme.Score'],
    ['Score.java', 'package com.acme;', '', 'com.acme.Score'],
    ['app/Score.java', '', 'app', 'Score'],
  ])('is where entry says: %s', async (path, line, sourceRoot, className) => {
    const folder = await javaFolder({ [path]: `${line}\nclass Score {}` }, [`entry: ${path}`]);
    expect(await javaEntry(folder)).toMatchObject({ path, sourceRoot, className });
  });

  it('is missed with the places that were looked at', async () => {
    await expect(entryOf(await javaFolder({}))).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringMatching(/no Service\.java in .*, and none below src\/main\/java/),
    });
  });

  it('has to be named where there are several', async () => {
    const folder = await javaFolder({
      'src/main/java/a/Service.java': 'package a;',
      'src/main/java/b/Service.java': 'package b;',
    });
    await expect(entryOf(folder)).rejects.toMatchObject({
      code: 'manifest-invalid',
      message: expect.stringContaining('src/main/java/a/Service.java, src/main/java/b/Service.java'),
      hint: expect.stringContaining('`entry: src/main/java/a/Service.java`'),
    });
  });

  it('is Java', async () => {
    const folder = await javaFolder({ 'Service.kt': '' }, ['entry: Service.kt']);
    await expect(javaEntry(folder)).rejects.toMatchObject({ code: 'manifest-invalid' });
  });
});

describe('the package line', () => {
  it.each([
    ['package com.acme;', 'com.acme'],
    ['/* package no; */ // package no;\n\n  package com . acme ;', 'com.acme'],
    ['\uFEFFpackage été;', 'été'],
    ['import java.util.List; // package no;', ''],
    ['class packaged { }', ''],
    ['', ''],
  ])('%j says %j', (text, expected) => {
    expect(packageOf(text)).toBe(expected);
  });
});
