import type { ServiceFolder } from '../../../../src/stacks/index.ts';
import { serviceFolder } from '../../support/service-folder.ts';

const service = {
  'nstack.yaml': 'name: Greeter\nstack: haskell\napi: |\n  greet : Text -> Text\n',
  'service.py': undefined,
  'Service.hs':
    'module Service where\n\nimport Data.Text (Text)\n\ngreet :: Text -> Text\ngreet name = name\n',
};

/** A Haskell service's folder on disk, gone when the test ends. `files` adds to a small service, or replaces parts of it. */
export function haskellFolder(
  files: Readonly<Record<string, string | undefined>> = {},
): Promise<ServiceFolder> {
  return serviceFolder({ ...service, ...files });
}
