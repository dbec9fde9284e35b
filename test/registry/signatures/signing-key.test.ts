import { execFileSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { publicKey } from '../../../src/registry/signatures/public-key.ts';
import { createKeyPair, readSigningKey } from '../../../src/registry/signatures/signing-key.ts';

// Made by the Go library that cosign encrypts its keys with (go-securesystemslib 'encrypted'), with the password "test password".
const goKey = `-----BEGIN ENCRYPTED SIGSTORE PRIVATE KEY-----
eyJrZGYiOnsibmFtZSI6InNjcnlwdCIsInBhcmFtcyI6eyJOIjo2NTUzNiwiciI6
OCwicCI6MX0sInNhbHQiOiJBQ1FSbUpxeFRwYWpGdjQvMzA4YzluTXZELzFtdXM3
NkFBam5RdDc4TlJrPSJ9LCJjaXBoZXIiOnsibmFtZSI6Im5hY2wvc2VjcmV0Ym94
Iiwibm9uY2UiOiJpOFdVYkhrNXo0YkxOMlpreGVvZG1kQlc5Q0RPM01xSyJ9LCJj
aXBoZXJ0ZXh0IjoiTmhnSll3ZXJ0U2VoWkdlbmpyM0FMRW9NdjhXVVJ0VUVVOGdl
VU12c1VISjBrekdQamxKamNUTTZRSFhJYTM2cHJBMkVpSmhndHUvbmdQbnVwd0lj
NTZHVkdVZmJiVzd5VmU0RG9SNEhqeGhHaXBkK0lrdlVMZkpCSnRidHZmR2JwNXJG
ZTZ1enAxMzliSlVXZXNDYjlZZXVIV2wzQkRTcVRvZVc1K1RDeWU5RjdpWmdHSmtN
aUgrZWQ4RXlHNC9YeTFkdDFOVE9nRXdORHc9PSJ9
-----END ENCRYPTED SIGSTORE PRIVATE KEY-----
`;
const goPublicKey = `-----BEGIN PUBLIC KEY-----
MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEA7Sx87/AlPgzDUxMzWDtwcWOYMGm
T1t/QgI5Wh78YgBYk68JuKVvkLnA9LXKWQtiOSbYTLpW88VSzf13THmTNw==
-----END PUBLIC KEY-----
`;

describe('a signing key', () => {
  it('is read from the form that cosign keeps keys in', async () => {
    const key = await readSigningKey(goKey, 'cosign.key', 'test password');
    expect(key.publicKey).toBe(goPublicKey);
  });

  it('is read from the older heading of that form too', async () => {
    const old = goKey.replaceAll('SIGSTORE', 'COSIGN');
    expect((await readSigningKey(old, 'cosign.key', 'test password')).publicKey).toBe(goPublicKey);
  });

  it('that is encrypted opens with its password alone', async () => {
    await expect(readSigningKey(goKey, 'cosign.key', 'another')).rejects.toMatchObject({
      code: 'key-invalid',
      message: expect.stringContaining('cosign.key'),
    });
    await expect(readSigningKey(goKey, 'cosign.key', undefined)).rejects.toMatchObject({
      hint: expect.stringContaining('COSIGN_PASSWORD'),
    });
  });

  it.each(['', 'open sesame'])('that nstack makes opens again with the password %j', async (password) => {
    const pair = await createKeyPair(password);
    const key = await readSigningKey(pair.privateKey, 'nstack.key', password);
    expect(key.publicKey).toBe(pair.publicKey);
  });

  it.each([['pkcs8'], ['sec1']] as const)('may be a plain %s file', async (type) => {
    const pair = generateKeyPairSync('ec', { namedCurve: 'P-256' });
    const pem = pair.privateKey.export({ type, format: 'pem' }).toString();
    const key = await readSigningKey(pem, 'plain.pem', undefined);
    const bytes = Buffer.from('some bytes');
    const judge = publicKey(key.publicKey, 'plain.pub');
    expect(judge.verifies(bytes, key.sign(bytes))).toBe(true);
    expect(judge.verifies(Buffer.from('some bytez'), key.sign(bytes))).toBe(false);
  });

  it('of another kind is refused', async () => {
    const pem = generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    await expect(readSigningKey(pem, 'ed.pem', undefined)).rejects.toMatchObject({ code: 'key-invalid' });
    expect(() => publicKey(pem, 'ed.pem')).toThrow('holds no public key');
  });

  it('makes signatures that openssl accepts', async () => {
    const key = await readSigningKey(goKey, 'cosign.key', 'test password');
    const folder = mkdtempSync(join(tmpdir(), 'nstack-sign-'));
    onTestFinished(() => rmSync(folder, { recursive: true }));
    const at = (name: string) => join(folder, name);
    writeFileSync(at('payload'), 'what is signed');
    writeFileSync(at('signature'), key.sign(Buffer.from('what is signed')));
    writeFileSync(at('key.pub'), createPublicKey(key.publicKey).export({ type: 'spki', format: 'pem' }));
    const said = execFileSync('openssl', [
      'dgst',
      '-sha256',
      '-verify',
      at('key.pub'),
      '-signature',
      at('signature'),
      at('payload'),
    ]);
    expect(said.toString()).toContain('Verified OK');
  });
});
