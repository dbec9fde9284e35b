import { describe, expect, it } from 'vitest';
import { mountedSecrets, mountSecrets } from '../../../src/builder/eject/mount-secrets.ts';
import type { ServiceFolder } from '../../../src/stacks/index.ts';
import { stackFor } from '../../../src/stacks/index.ts';
import { manifestWith, serviceFolder } from '../../stacks/support/service-folder.ts';

const hostile = '"; \nARG NSTACK_SECRETS\nRUN --mount=type=secret,id=evil,required=true true #';

async function rendered(folder: ServiceFolder): Promise<string> {
  const { packages } = await stackFor(folder.manifest.stack.language).recipe(folder);
  const { dockerfile } = await packages.render({
    base: 'nstack-below',
    index: () => Promise.reject(new Error('no name of Debian is asked for')),
    certificates: '',
  });
  return dockerfile;
}

/** The steps with mounts, as mounts and words. */
function mountedSteps(dockerfile: string) {
  return dockerfile
    .replaceAll('\\\n', '')
    .split('\n')
    .flatMap((line) => {
      const [, mounts, words] = /^RUN ((?:--mount=\S+ )+)(.*)$/.exec(line) ?? [];
      return mounts === undefined
        ? []
        : [{ mounts: mounts.trim().split(' '), words: JSON.parse(words ?? '') }];
    });
}

const mount = (name: string) => `--mount=type=secret,id=${name},required=true`;

describe('a Dockerfile that BuildKit mounts secrets for', () => {
  it('has them in the very steps that need them, whatever they are called and whatever the commands say', async () => {
    const odd = ['__proto', 'constructor', 'id', 'required', 'pip.conf', `A${'_B'.repeat(31)}`];
    const folder = await serviceFolder(
      manifestWith(
        'packages: ["pip:six"]',
        'buildSecrets:',
        ...odd.map((name) => `  ${name}: [pip]`),
        '  deploy-key: [commands]',
        '  TOKEN: [pip, commands]',
        'commands:',
        `  - ${JSON.stringify(hostile)}`,
        '  - "true"',
      ),
    );
    const keyed = {
      ...folder,
      secretKeys: Object.fromEntries(
        folder.manifest.buildSecrets.map(({ name }) => [name, `key of ${name}`]),
      ),
    };
    const dockerfile = await mountSecrets(await rendered(keyed), keyed);

    expect(dockerfile.split('\n')).not.toContain('ARG NSTACK_SECRETS');
    expect(dockerfile).not.toContain('key of');
    expect(dockerfile).not.toContain('/dev/tcp');
    const [pip, first, second, ...more] = mountedSteps(dockerfile);
    expect(more).toEqual([]);
    expect(pip?.mounts).toEqual([...odd, 'TOKEN'].map(mount));
    expect(pip?.words.slice(3, 7)).toEqual([
      'secrets',
      [...odd, 'TOKEN'].join(' '),
      '/bin/sh',
      '/nstack-pip/install.sh',
    ]);
    for (const step of [first, second]) expect(step?.mounts).toEqual(['deploy-key', 'TOKEN'].map(mount));
    expect(first?.words.at(-1)).toBe(hostile);
    expect(mountedSecrets(dockerfile, folder.manifest)).toEqual([...odd, 'deploy-key', 'TOKEN']);
  });

  it('is the same text for a service whose steps need none', async () => {
    const folder = await serviceFolder(manifestWith('packages: ["pip:six"]', 'commands: ["true"]'));
    const dockerfile = await rendered(folder);
    expect(await mountSecrets(dockerfile, folder)).toBe(dockerfile);
    expect(mountedSecrets(dockerfile, folder.manifest)).toEqual([]);
  });

  it.each(['a,required=false', 'a b', 'a\\nRUN evil', '../a', 'a"b', '$HOME', ''])(
    'cannot come to hold the name %j',
    async (name) => {
      const text = manifestWith('buildSecrets:', `  "${name.replaceAll('"', '\\"')}": [pip]`);
      await expect(serviceFolder(text)).rejects.toMatchObject({ code: 'manifest-invalid' });
    },
  );
});
