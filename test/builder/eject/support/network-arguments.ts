import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { readHostNetwork } from '../../../../src/builder/packages/host-network.ts';

/** What `docker build` of an ejected folder is given on this machine, as its README says; certificates.pem in the folder is filled. */
export async function networkArguments(folder: string): Promise<readonly string[]> {
  const { certificates, proxies } = await readHostNetwork();
  await writeFile(join(folder, 'certificates.pem'), certificates);
  const given = {
    ...proxies,
    NSTACK_NEWLINE: '\n',
    ...(certificates === '' ? {} : { NSTACK_CERTIFICATES: certificates }),
  };
  return [
    '--network=host',
    ...Object.entries(given).flatMap(([name, value]) => ['--build-arg', `${name}=${value}`]),
  ];
}
