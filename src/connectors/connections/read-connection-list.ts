import { type Path, pathText, type Reporter, show } from '../../manifest/index.ts';
import { checkSettings } from './check-settings.ts';
import { compileSettings } from './compile-settings.ts';
import type { ConnectionDescription } from './connections-file.ts';
import { mappingAt, type Reading } from './reading.ts';
import { isMapping } from './settings-schema.ts';
import { systemOf } from './system-of.ts';
import { urlPassword } from './url-password.ts';

/** The connections without a fault below the key `connections`; the faults of all others are reported. */
export function readConnectionList(value: unknown, reading: Reading): readonly ConnectionDescription[] {
  const { reporter } = reading;
  const entries = mappingAt(value, ['connections'], reading) ?? {};
  const seen = new Map<string, string>();
  return Object.entries(entries).flatMap(([name, entry]) => {
    const path = ['connections', name];
    const twin = seen.get(name.toLowerCase());
    seen.set(name.toLowerCase(), name);
    if (twin !== undefined) {
      reporter.report(
        path,
        'duplicate-key',
        `the names of connections ignore case: ${twin} and ${name} are one`,
        {
          at: 'key',
        },
      );
    }
    if (!/^[A-Za-z][A-Za-z0-9]*(?:[-_][A-Za-z0-9]+)*$/.test(name) || name.length > 64) {
      reporter.report(path, 'wrong-key', `${show(name)} can be no connection's name`, {
        hint: 'a name has letters and digits, with - or _ between them, and begins with a letter',
        at: 'key',
      });
      return [];
    }
    const settings = mappingAt(entry, path, reading);
    const connection = settings === undefined ? undefined : readConnection(name, settings, reading);
    return connection === undefined ? [] : [connection];
  });
}

function readConnection(
  name: string,
  entry: Readonly<Record<string, unknown>>,
  reading: Reading,
): ConnectionDescription | undefined {
  const { file, folder, open, reporter, compiled } = reading;
  const path = ['connections', name];
  const { system, ...settings } = entry;
  const connector = systemOf(name, system, reading);
  const plain = reportUrlPasswords(settings, path, reporter);
  if (connector?.connection === undefined) return undefined;
  const { schema } = connector.connection;
  const validate = compiled.get(schema) ?? compileSettings(schema);
  compiled.set(schema, validate);
  const check = { schema, validate, path, folder, mayShow: (setting: string) => open.has(setting) };
  const references = checkSettings(settings, check, reporter);
  if (references === undefined || plain) return undefined;
  return {
    name,
    system: connector.name,
    settings,
    references: references.map((reference) => ({ ...reference, place: { ...reference.place, file } })),
    place: { file, ...reporter.position(path, 'key') },
  };
}

/** A URL with a password in it is a secret in plain text, whatever the setting is called. Answers whether there is one. */
function reportUrlPasswords(value: unknown, path: Path, reporter: Reporter): boolean {
  if (typeof value === 'string' && urlPassword(value) !== undefined) {
    reporter.report(path, 'plain-secret', `${pathText(path)} is a URL with a password in it`, {
      hint: 'give the password in a setting of its own, or the whole URL as a reference: {env: NAME}, {file: path} or {command: [program, argument]}',
    });
    return true;
  }
  const parts: readonly (readonly [string | number, unknown])[] = Array.isArray(value)
    ? [...value.entries()]
    : isMapping(value)
      ? Object.entries(value)
      : [];
  return parts.map(([key, item]) => reportUrlPasswords(item, [...path, key], reporter)).includes(true);
}
