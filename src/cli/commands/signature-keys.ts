import type { CliCommand } from '../command.ts';

export const signatureKeys: CliCommand = {
  usage: 'signature keys [name]',
  summary: 'make a pair of keys, NAME.key and NAME.pub, in the form that cosign reads too',
  examples: [
    'COSIGN_PASSWORD="$(cat password.txt)" nstack signature keys',
    "COSIGN_PASSWORD='' nstack signature keys release",
  ],
  async run({ cwd, env, stderr }, [name = 'nstack']) {
    const [{ writeFile }, { resolve }, { NstackError }, { createKeyPair }] = await Promise.all([
      import('node:fs/promises'),
      import('node:path'),
      import('../../core/index.ts'),
      import('../../registry/index.ts'),
    ]);
    const password = env.COSIGN_PASSWORD;
    if (password === undefined)
      throw new NstackError('usage', 'no password for the private key is given', {
        hint: 'Set COSIGN_PASSWORD; to the empty text for a key without one.',
      });
    const { privateKey, publicKey } = await createKeyPair(password);
    try {
      // Never over a key that is there: what it signed could not be followed any more.
      await writeFile(resolve(cwd, `${name}.key`), privateKey, { mode: 0o600, flag: 'wx' });
      await writeFile(resolve(cwd, `${name}.pub`), publicKey, { flag: 'wx' });
    } catch (cause) {
      throw new NstackError('file-unwritable', `the keys ${name}.key and ${name}.pub cannot be written`, {
        cause,
        hint: 'They are never written over others: name another pair, as in `nstack signature keys release`.',
      });
    }
    stderr.write(
      `${name}.key signs: keep it secret. ${name}.pub checks: give it to whoever runs your services.\n`,
    );
    return 0;
  },
};
