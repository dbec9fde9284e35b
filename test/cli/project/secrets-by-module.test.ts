import { describe, expect, it } from 'vitest';
import { secretsByModule } from '../../../src/cli/project/secrets-by-module.ts';
import { NstackError } from '../../../src/core/index.ts';
import { type ProjectModule, parseManifest } from '../../../src/manifest/index.ts';

function module(path: string, ...secrets: readonly string[]): ProjectModule {
  const buildSecrets = secrets.map((name) => `  ${name}: [commands]\n`).join('');
  const text = `name: ${path}\nstack: python\napi: |\n  f : () -> ()\n${buildSecrets === '' ? '' : `buildSecrets:\n${buildSecrets}`}`;
  const { manifest } = parseManifest(text, 'nstack.yaml');
  if (manifest === undefined) throw new Error(text);
  return { path, root: `/${path}`, service: { manifest, manifestFile: 'nstack.yaml' } };
}

const broken: ProjectModule = {
  path: 'Broken',
  root: '/Broken',
  service: new NstackError('manifest-invalid', 'nstack.yaml has a fault'),
};
const one = module('One', 'TOKEN');
const two = module('Two', 'TOKEN', 'key.pem');
const three = module('Three');

describe('secrets that are given to the build of a project', () => {
  it('go to the modules whose builds name them', () => {
    const options = { secret: ['TOKEN=env:MY_TOKEN', 'key.pem=file:key.txt'], force: true };
    const optionsOf = secretsByModule([one, two, three], options);
    expect(optionsOf(one)).toEqual({ force: true, secret: ['TOKEN=env:MY_TOKEN'] });
    expect(optionsOf(two)).toEqual(options);
    expect(optionsOf(three)).toEqual({ force: true, secret: undefined });
  });

  it('are refused where no module names them', () => {
    expect(() => secretsByModule([one, three], { secret: 'TOKE' })).toThrow(
      expect.objectContaining({
        code: 'usage',
        message: 'no module of this project has a build with a secret TOKE',
        hint: 'did you mean TOKEN?',
      }),
    );
    expect(() => secretsByModule([one, broken], { secret: 'OTHER' })).not.toThrow();
  });
});
