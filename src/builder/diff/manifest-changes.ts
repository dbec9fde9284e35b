import type { Manifest, PackageRequest } from '../../manifest/index.ts';
import { apiChanges } from './api-changes.ts';
import { type Change, change } from './change.ts';
import { configChanges } from './config-changes.ts';
import { limitChanges } from './limit-changes.ts';

/** Everything that two manifests of one service differ in, where it concerns those who use the service; code and files show in the layers. */
export function manifestChanges(before: Manifest, after: Manifest): readonly Change[] {
  return [
    ...apiChanges(after.name, before.api, after.api),
    ...configChanges(before.config, after.config),
    ...secretChanges(before.secrets, after.secrets),
    ...networkChanges(before, after),
    ...limitChanges(before.limits, after.limits),
    ...requestChanges(before.packages, after.packages),
    ...imageChanges(before, after),
  ];
}

function secretChanges(before: readonly string[], after: readonly string[]): readonly Change[] {
  const [was, is] = [new Set(before), new Set(after)];
  return [
    ...after
      .filter((name) => !was.has(name))
      .map((name) =>
        change(
          'breaking',
          'secret',
          name,
          'is new: it does not start where the connections file has none of that name',
        ),
      ),
    ...before
      .filter((name) => !is.has(name))
      .map((name) => change('compatible', 'secret', name, 'is not asked for any more')),
  ];
}

function networkChanges(before: Manifest, after: Manifest): readonly Change[] {
  if (before.network === after.network) return [];
  return after.network === 'open'
    ? [change('note', 'network', 'network', 'is open, and was none: it can reach other machines now')]
    : [change('compatible', 'network', 'network', 'is none, and was open')];
}

function requestChanges(
  before: readonly PackageRequest[],
  after: readonly PackageRequest[],
): readonly Change[] {
  const [was, is] = [before, after].map((requests) => new Set(requests.map(requestText)));
  return [
    ...[...(is ?? [])]
      .filter((text) => !was?.has(text))
      .map((text) => change('compatible', 'request', 'packages', `asks for ${text}`)),
    ...[...(was ?? [])]
      .filter((text) => !is?.has(text))
      .map((text) => change('compatible', 'request', 'packages', `does not ask for ${text} any more`)),
  ];
}

function requestText({ system, spec }: PackageRequest): string {
  return system === 'os' ? spec : `${system}:${spec}`;
}

function imageChanges(before: Manifest, after: Manifest): readonly Change[] {
  const facts = [
    ['name', before.name, after.name],
    ['stack', stackText(before), stackText(after)],
    ['parent', before.parent ?? 'none', after.parent ?? 'none'],
    ['replicas', String(before.replicas), String(after.replicas)],
  ] as const;
  return facts.flatMap(([name, was, is]) =>
    was === is ? [] : [change('note', 'image', name, `is ${is}, and was ${was}`)],
  );
}

function stackText({ stack: { language, version } }: Manifest): string {
  return version === undefined ? language : `${language} ${version}`;
}
