import { chmodSync, chownSync, mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import {
  folderName,
  makeStateFolder,
  makeWorkflowFolder,
} from '../../../src/supervisor/state/state-folder.ts';
import { anyLetter } from '../../support/any-letter.ts';

let parent = '';
beforeEach(() => {
  parent = mkdtempSync(join(tmpdir(), 'nstack-state-'));
});
afterEach(() => rmSync(parent, { recursive: true, force: true }));

describe('the state folder', () => {
  test('is made for this user alone, with the folders above it', async () => {
    const folder = join(parent, 'a', 'b', 'nstack');
    await makeStateFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    await makeStateFolder(folder);
  });

  test.each([0o770, 0o702])('that others may write (%o) is refused', async (mode) => {
    const folder = join(parent, 'open');
    mkdirSync(folder);
    chmodSync(folder, mode);
    await expect(makeStateFolder(folder)).rejects.toMatchObject({
      code: 'permission',
      message: `the state folder ${folder} can be written by other users`,
      hint: expect.stringContaining(`chmod 700 ${folder}`),
    });
  });

  test.skipIf(process.getuid?.() !== 0)('of another user is refused', async () => {
    const folder = join(parent, 'foreign');
    mkdirSync(folder, { mode: 0o700 });
    chownSync(folder, 12345, 12345);
    await expect(makeStateFolder(folder)).rejects.toMatchObject({
      code: 'permission',
      message: `the state folder ${folder} belongs to user 12345; this is user 0`,
    });
  });

  test('that cannot be made is told with its path', async () => {
    writeFileSync(join(parent, 'file'), '');
    await expect(makeStateFolder(join(parent, 'file', 'nstack'))).rejects.toMatchObject({
      code: 'file-unwritable',
      message: expect.stringContaining(join(parent, 'file', 'nstack')),
      hint: 'Name a folder that you may write in NSTACK_STATE.',
    });
  });
});

describe('the folder name of a workflow', () => {
  test.each([
    ['clicks', 'clicks'],
    ['click-stream_2', 'click-stream_2'],
    ['ClickAnalytics', '+click+analytics'],
    ['demo/clicks', 'demo%2fclicks'],
    ['Demo.NumChars', '+demo.+num+chars'],
    ['..', '%2e.'],
    ['.hidden', '%2ehidden'],
    ['a b', 'a%20b'],
    ['naïve', 'na%c3%afve'],
    ['a\u0000b\n', 'a%00b%0a'],
    ['+click', '%2bclick'],
    ['100%', '100%25'],
  ])('%j is %s', (name, folder) => {
    expect(folderName(name)).toBe(folder);
  });

  const names = fc.oneof(
    fc.string({ unit: anyLetter, maxLength: 300 }),
    fc.string({
      unit: fc.constantFrom('a', 'A', '/', '.', '~', '%', '+', 'é', 'e\u0301', '\ud800', '\0'),
      maxLength: 100,
    }),
  );

  test('is a plain name of at most 255 bytes that needs no upper case, whatever the workflow is called', () => {
    fc.assert(
      fc.property(names, (name) => {
        const folder = folderName(name);
        expect(folder).toMatch(/^[a-z0-9%+~_-][a-z0-9%+~_.-]*$/);
        expect(Buffer.byteLength(folder)).toBeLessThanOrEqual(255);
      }),
    );
  });

  test('is another one for every other name', () => {
    fc.assert(
      fc.property(names, names, (one, other) => {
        expect(folderName(one) === folderName(other)).toBe(one === other);
      }),
    );
    const long = 'é'.repeat(400);
    expect(folderName(`${long}a`)).not.toBe(folderName(`${long}b`));
    expect(folderName('\ud800')).not.toBe(folderName('\ud801'));
    expect(folderName('')).not.toBe(folderName('\ud800'));
  });

  test('can be made a folder', async () => {
    for (const name of ['..', '', 'a/b', '\ud800', 'x'.repeat(1000), 'a\0b']) {
      const path = await makeWorkflowFolder(parent, name);
      expect(join(path, '..')).toBe(join(parent, 'workflows'));
      expect(statSync(path).mode & 0o777).toBe(0o700);
    }
  });
});
