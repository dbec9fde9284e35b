import type { Change } from './change.ts';
import { isSame, type ServiceDiff } from './diff-services.ts';
import type { LayerChange } from './layer-changes.ts';
import type { PackageChange } from './package-changes.ts';

const severities = ['breaking', 'note', 'compatible'] as const satisfies readonly Change['severity'][];

/** A comparison as lines of text for people: what breaks first, then what changed in the packages and the layers. */
export function diffWords(diff: ServiceDiff): readonly string[] {
  const { before, after, packages, layers, neededVersion } = diff;
  const head = `${before.name} ${before.version} (${before.where}) -> ${after.version} (${after.where})`;
  if (isSame(diff)) return [head, '', 'nothing has changed'];
  return [
    head,
    ...section(changeWords(diff.changes)),
    ...section(listed('packages', packages?.map(packageWords) ?? [])),
    ...section(listed('layers', [...(layers?.map(layerWords) ?? []), ...totalWords(diff)])),
    ...(neededVersion === undefined
      ? []
      : [
          '',
          `${after.version} promises to break nobody who uses ${before.version}: it would be ${neededVersion}`,
        ]),
  ];
}

/** One line a change, what breaks first. */
export function changeWords(changes: readonly Change[]): readonly string[] {
  return severities.flatMap((severity) =>
    changes
      .filter((each) => each.severity === severity)
      .map(({ about, name, text }) => `${severity.padEnd(10)}  ${subject(about, name)} ${text}`),
  );
}

function subject(about: Change['about'], name: string): string {
  switch (about) {
    case 'function':
      return `${name}:`;
    case 'parameter':
      return `config.${name}`;
    case 'secret':
      return `the secret ${name}`;
    case 'limit':
      return `limits.${name}`;
    case 'network':
    case 'request':
    case 'image':
      return name;
  }
}

/** A package that came, went or has another version, as a line of a list. */
export function packageWords({ system, name, before, after }: PackageChange): string {
  if (before === undefined) return `+ ${system}:${name} ${after}`;
  if (after === undefined) return `- ${system}:${name} ${before}`;
  return `  ${system}:${name} ${before} -> ${after}`;
}

function layerWords({ name, before, after }: LayerChange): string {
  if (before === undefined) return `+ ${name} ${bytes(after ?? 0)}`;
  if (after === undefined) return `- ${name} ${bytes(before)}`;
  return `  ${name} ${sizes(before, after)}`;
}

function totalWords({ layers, before, after }: ServiceDiff): readonly string[] {
  if (layers?.length === 0 || before.size === undefined || after.size === undefined) return [];
  return [`  in all ${sizes(before.size, after.size)}`];
}

function sizes(before: number, after: number): string {
  const more = after - before;
  if (more === 0) return `${bytes(after)}, other content`;
  return `${bytes(before)} -> ${bytes(after)} (${more < 0 ? '-' : '+'}${bytes(Math.abs(more))})`;
}

/** `12.3 kB`, `140.2 MB`: thousands, as image sizes are told everywhere. */
export function bytes(value: number): string {
  if (value < 1_000) return `${value} bytes`;
  const [unit, size] = value < 1e6 ? ['kB', 1e3] : value < 1e9 ? ['MB', 1e6] : ['GB', 1e9];
  return `${(value / Number(size)).toFixed(1)} ${unit}`;
}

function listed(title: string, lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : [title, ...lines.map((line) => `  ${line}`)];
}

function section(lines: readonly string[]): readonly string[] {
  return lines.length === 0 ? [] : ['', ...lines];
}
