import { symlink } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readRequirements } from '../../../src/stacks/python/requirements.ts';
import { manifestWith, serviceFolder } from '../support/service-folder.ts';

describe('what a service asks of PyPI', () => {
  it('is nothing where it asks for nothing', async () => {
    const folder = await serviceFolder({
      'requirements.txt': '# later\n\n',
      'pyproject.toml': '[tool.ruff]\n',
    });
    expect(await readRequirements(folder)).toEqual({ given: [], files: [], sources: [] });
  });

  it('are the pip: packages of nstack.yaml and the dependencies of pyproject.toml', async () => {
    const folder = await serviceFolder({
      ...manifestWith('packages: [libsvm, "pip:numpy>=2", "pip:uvicorn[standard]>=0.30,<1"]'),
      'pyproject.toml':
        '[project]\nname = "greeter"\ndependencies = ["humanize==4.9.0 ; python_version > \'3.8\'"]\n',
    });
    expect(await readRequirements(folder)).toEqual({
      given: ['nstack-requirements.txt'],
      files: [
        {
          path: 'nstack-requirements.txt',
          text: "numpy>=2\nuvicorn[standard]>=0.30,<1\nhumanize==4.9.0 ; python_version > '3.8'\n",
        },
      ],
      sources: [{ path: 'pyproject.toml', text: "humanize==4.9.0 ; python_version > '3.8'" }],
    });
  });

  it('is requirements.txt with the files that it includes, as they stand', async () => {
    const texts = {
      'requirements.txt': '-r requirements/more.txt\n-c constraints.txt\nhumanize\n',
      'requirements/more.txt': '--requirement=deep.txt\n-r ../requirements.txt\n',
      'requirements/deep.txt': 'idna\n',
      'constraints.txt': 'humanize==4.9.0\n',
    };
    const { given, files } = await readRequirements(await serviceFolder(texts));
    expect(given).toEqual(['requirements.txt']);
    expect(Object.fromEntries(files.map(({ path, text }) => [path, text]))).toEqual(texts);
  });

  it('cannot include a file that is not there', async () => {
    const folder = await serviceFolder({ 'requirements.txt': '-r missing.txt\n' });
    await expect(readRequirements(folder)).rejects.toMatchObject({
      code: 'file-missing',
      message: expect.stringContaining('missing.txt'),
    });
  });

  it('cannot include a file outside the folder, neither by name nor by a link', async () => {
    const byName = await serviceFolder({ 'requirements.txt': '-r ../../../../etc/hostname\n' });
    await expect(readRequirements(byName)).rejects.toMatchObject({ code: 'file-unreadable' });
    const byLink = await serviceFolder({ 'requirements.txt': '-r linked.txt\n' });
    await symlink('/etc/hostname', join(byLink.root, 'linked.txt'));
    await expect(readRequirements(byLink)).rejects.toMatchObject({ code: 'file-unreadable' });
  });

  it.each(['[project', '[project]\ndependencies = "numpy"\n', '[project]\ndependencies = ["--pre"]\n'])(
    'cannot be read from a broken pyproject.toml: %j',
    async (text) => {
      const folder = await serviceFolder({ 'pyproject.toml': text });
      await expect(readRequirements(folder)).rejects.toMatchObject({
        code: 'file-unreadable',
        message: expect.stringContaining('pyproject.toml'),
      });
    },
  );
});
