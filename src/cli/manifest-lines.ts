import type { Manifest } from '../manifest/index.ts';
import { printApi } from '../types/index.ts';

/** What a service's manifest says, for people: title, API, packages, limits. */
export function manifestLines(manifest: Manifest): readonly string[] {
  const { limits } = manifest;
  const packages = manifest.packages.map(({ system, spec }) =>
    system === 'os' ? spec : `${system}:${spec}`,
  );
  return [
    `${manifest.name} ${manifest.version} (${manifest.stack.language})`,
    ...(manifest.description === undefined ? [] : [manifest.description.replace(/[^\P{Cc}\n]+/gu, ' ')]),
    '',
    ...printApi(manifest.api).trimEnd().split('\n'),
    '',
    `packages  ${packages.join(', ') || 'none'}`,
    `network   ${manifest.network}`,
    ...(manifest.secrets.length === 0 ? [] : [`secrets   ${manifest.secrets.join(', ')}`]),
    `limits    memory ${Math.round(limits.memory / 1024 ** 2)} MiB, cpu ${limits.cpu}, pids ${limits.pids}, ${limits.timeout} ms a call`,
  ];
}
