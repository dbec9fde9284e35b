import type { ServiceFolder } from '../../../src/stacks/index.ts';
import { serviceFolder } from '../support/service-folder.ts';

/** The folder of a Java service with these files alone; `lines` are added to its manifest. */
export function javaFolder(
  files: Readonly<Record<string, string>>,
  lines: readonly string[] = [],
): Promise<ServiceFolder> {
  const manifest = ['name: Greeter', 'stack: java', 'api: |', '  greet : Text -> Text', ...lines, ''];
  return serviceFolder({ 'service.py': undefined, 'nstack.yaml': manifest.join('\n'), ...files });
}
