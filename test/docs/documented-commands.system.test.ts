import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { program, root } from '../support/nstack.ts';
import { startRegistry } from '../support/registry.ts';

// Documents run: blocks marked `sh` are commands, blocks with `file=NAME` are written to that file, in order, in one empty folder a
// document. What must not run is marked `text`. registry.example.com is a registry of this machine, of each document's own.

const documents = [
  'README.md',
  ...(await readdir(join(root, 'docs'), { recursive: true }))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

describe.each(documents)('%s', (document) => {
  it('shows commands that work', async () => {
    const blocks = await withRegistry(blocksOf(await readFile(join(root, document), 'utf8')));
    const folder = await mkdtemp(join(tmpdir(), 'docs-'));
    try {
      const script = await scriptOf(blocks, folder);
      const { code, output } = await bash(script, folder);
      expect(code, output).toBe(0);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });

  it('marks every block as something', async () => {
    const text = await readFile(join(root, document), 'utf8');
    expect(blocksOf(text).filter(({ info }) => info === '')).toEqual([]);
  });
});

interface Block {
  readonly info: string;
  readonly text: string;
}

function blocksOf(markdown: string): Block[] {
  return [...markdown.matchAll(/^```([^\n]*)\n([\s\S]*?)^```$/gm)].map(([, info = '', text = '']) => ({
    info: info.trim(),
    text,
  }));
}

async function withRegistry(blocks: readonly Block[]): Promise<readonly Block[]> {
  const named = 'registry.example.com';
  if (!blocks.some(({ info, text }) => info === 'sh' && text.includes(named))) return blocks;
  const address = await startRegistry({ passwords: false });
  return blocks.map(({ info, text }) => ({ info, text: text.replaceAll(named, address) }));
}

/** One shell script for the document; `nstack` is the program, and a step that fails ends it. */
async function scriptOf(blocks: readonly Block[], folder: string): Promise<string> {
  await mkdir(join(folder, '.bin'));
  await symlink(program, join(folder, '.bin/nstack'));
  const steps = [
    'set -eux',
    `export PATH="${folder}/.bin:${dirname(process.execPath)}:$PATH"`,
    // A supervisor that a document starts is its own, and ends with it.
    `export NSTACK_STATE="${folder}/.state"`,
    'trap "nstack supervisor stop --now || true" EXIT',
  ];
  for (const [nth, { info, text }] of blocks.entries()) {
    const file = /\bfile=(\S+)/.exec(info)?.[1];
    if (file !== undefined) {
      const held = join(folder, `.block-${nth}`);
      await writeFile(held, text);
      steps.push(`mkdir -p "${dirname(join(folder, file))}"`, `cp "${held}" "${join(folder, file)}"`);
    } else if (info === 'sh') steps.push(text);
  }
  return steps.join('\n');
}

function bash(script: string, cwd: string): Promise<{ code: number; output: string }> {
  return new Promise((resolve) => {
    const child = execFile(
      'bash',
      ['-c', script],
      { cwd, env: { ...process.env, CI: 'true' } },
      (error, stdout, stderr) => {
        resolve({ code: error === null ? 0 : 1, output: `${stdout}\n${stderr}` });
      },
    );
    child.stdin?.end();
  });
}
