import { type Diagnostic, deepFreeze, nearestWord } from '../../core/index.ts';
import { decodeSource, readYaml, show, type TextKind, yamlReporter } from '../../manifest/index.ts';
import { isMapping, type LockReading, requiredText } from './lock-reading.ts';
import { parseInstalled } from './parse-installed.ts';
import { baseOrigins, lockFormat, type ServiceLock } from './service-lock.ts';

export const lockText: TextKind = {
  noun: 'a lock',
  quotable: true,
  hints: {
    tooLarge: 'nstack writes none so large: take back an older one, or remove it and build',
    severalDocuments: 'a merge may have left both sides: take one of them and run `nstack build`',
  },
};

const digest = {
  pattern: /^sha256:[0-9a-f]{64}$/,
  what: 'a digest such as sha256:0a1b..., 64 hexadecimal digits',
};
const keys = ['lock', 'asked', 'platform', 'base', 'snapshot', 'nstack', 'packages', 'toolchain'];

/**
 * The text of an nstack.lock, checked: a lock, or every fault in it at once. Never throws, whatever the bytes are; what comes out holds only names, versions,
 * addresses and digests that look like such, so that they can be written into the files of package managers. `file` is its path as the user would type it.
 */
export function parseLock(
  text: Uint8Array | string,
  file: string,
): { readonly lock: ServiceLock | undefined; readonly diagnostics: readonly Diagnostic[] } {
  const source = decodeSource(text, file, lockText);
  if (!('text' in source)) return { lock: undefined, diagnostics: source };
  const yaml = readYaml(source);
  if (yaml === undefined) return { lock: undefined, diagnostics: source.findings.diagnostics };
  const reporter = yamlReporter(source, yaml);
  const { value } = yaml;
  if (!isMapping(value)) {
    reporter.report([], 'wrong-value', `${file} is no lock`, {
      hint: 'remove it, and `nstack build` writes another',
    });
    return { lock: undefined, diagnostics: reporter.diagnostics };
  }
  if (value.lock !== lockFormat) {
    reporter.report(
      ['lock'],
      'lock-format',
      `${file} has the format ${show(value.lock)}, and this nstack reads ${lockFormat}`,
      {
        hint: 'use the nstack that wrote it, or remove the file and build, which takes the packages of today',
      },
    );
    return { lock: undefined, diagnostics: reporter.diagnostics };
  }
  const lock = read({ value, reporter });
  return { lock: reporter.diagnostics.length > 0 ? undefined : lock, diagnostics: reporter.diagnostics };
}

function read(reading: LockReading): ServiceLock {
  const { value } = reading;
  reportUnknown([], value, keys, reading);
  const base = mapping('base', ['image', 'from'], reading);
  const madeBy = mapping('nstack', ['version', 'packages', 'toolchain', 'shim'], reading);
  const from = baseOrigins.find((one) => one === base.from);
  if (from === undefined)
    reading.reporter.report(
      ['base', 'from'],
      'wrong-value',
      `base.from must be one of ${baseOrigins.join(', ')}, found ${show(base.from)}`,
    );
  const optionalDigest = (name: 'toolchain' | 'shim') =>
    madeBy[name] === undefined
      ? {}
      : { [name]: requiredText(['nstack', name], madeBy[name], digest, reading) };
  return deepFreeze({
    asked: readAsked(reading),
    platform: requiredText(
      ['platform'],
      value.platform,
      { pattern: /^[a-z0-9]+\/[a-z0-9]+(\/[a-z0-9]+)?$/, what: 'a platform such as linux/amd64' },
      reading,
    ),
    base: { image: requiredText(['base', 'image'], base.image, digest, reading), from: from ?? 'registry' },
    snapshot:
      value.snapshot === undefined
        ? undefined
        : requiredText(
            ['snapshot'],
            value.snapshot,
            { pattern: /^\d{8}T\d{6}Z$/, what: 'a time such as 20261130T062200Z' },
            reading,
          ),
    madeBy: {
      version: requiredText(
        ['nstack', 'version'],
        madeBy.version,
        { pattern: /^\d[\w.+-]*$/, what: 'a version of nstack' },
        reading,
      ),
      packages: requiredText(['nstack', 'packages'], madeBy.packages, digest, reading),
      ...optionalDigest('toolchain'),
      ...optionalDigest('shim'),
    },
    packages: parseInstalled(['packages'], value.packages, reading),
    toolchain:
      value.toolchain === undefined ? undefined : parseInstalled(['toolchain'], value.toolchain, reading),
  });
}

function readAsked({ value, reporter }: LockReading): readonly string[] {
  const { asked } = value;
  if (!Array.isArray(asked)) {
    reporter.report(['asked'], 'wrong-value', `asked must be a list of texts, found ${show(asked)}`);
    return [];
  }
  return asked.map((one: unknown, index) => {
    if (typeof one === 'string') return one;
    reporter.report(['asked', index], 'wrong-value', `asked[${index}] must be text, found ${show(one)}`);
    return '';
  });
}

function mapping(
  name: 'base' | 'nstack',
  known: readonly string[],
  reading: LockReading,
): Readonly<Record<string, unknown>> {
  const found = reading.value[name];
  if (!isMapping(found)) {
    reading.reporter.report(
      [name],
      'wrong-value',
      `${name} must be a mapping of ${known.join(', ')}, found ${show(found)}`,
    );
    return {};
  }
  reportUnknown([name], found, known, reading);
  return found;
}

function reportUnknown(
  path: readonly string[],
  value: Readonly<Record<string, unknown>>,
  known: readonly string[],
  { reporter }: LockReading,
): void {
  for (const key of Object.keys(value).filter((name) => !known.includes(name))) {
    const nearest = nearestWord(key, known);
    reporter.report(
      [...path, key],
      'unknown-key',
      `unknown key ${show(key)}${path.length === 0 ? '' : ` in ${path.join('.')}`}`,
      {
        hint: nearest === undefined ? `the keys are ${known.join(', ')}` : `did you mean "${nearest}"?`,
        at: 'key',
      },
    );
  }
}
