import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { temporaryFolder } from '../builder/support/temporary-folder.ts';

/** Paths of PEM files, in a folder that is gone when the test is over. */
export interface SelfSigned {
  readonly cert: string;
  readonly key: string;
}

/** A certificate of that name which nobody but itself has signed, an authority where no extension says otherwise; extensions as `openssl req -addext` takes them. */
export async function selfSigned(name: string, ...extensions: readonly string[]): Promise<SelfSigned> {
  const folder = await temporaryFolder();
  const [cert, key] = [join(folder, 'cert.pem'), join(folder, 'key.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-days', '2'];
  const said = ['-subj', `/CN=${name}`, ...extensions.flatMap((one) => ['-addext', one])];
  await promisify(execFile)('openssl', ['req', ...kind, ...said, '-keyout', key, '-out', cert]);
  return { cert, key };
}
