import { show } from '../../manifest/index.ts';
import type { SecretDescription } from './connections-file.ts';
import { readReference } from './read-reference.ts';
import { mappingAt, type Reading } from './reading.ts';

/** The secrets without a fault below the key `secrets`; the faults of all others are reported. */
export function readSecretList(value: unknown, reading: Reading): readonly SecretDescription[] {
  const { file, folder, reporter } = reading;
  const entries = mappingAt(value, ['secrets'], reading) ?? {};
  return Object.entries(entries).flatMap(([name, entry]) => {
    const path = ['secrets', name];
    if (!/^[A-Za-z_][A-Za-z0-9_]*(?:[.-][A-Za-z0-9_]+)*$/.test(name) || name.length > 64) {
      reporter.report(path, 'wrong-key', `${show(name)} can be no secret's name`, {
        hint: 'a name has letters, digits, and _ - . between them',
        at: 'key',
      });
      return [];
    }
    const reference = readReference(entry, path, folder, reporter);
    return reference === undefined
      ? []
      : [{ name, reference, place: { file, ...reporter.position(path, 'key') } }];
  });
}
