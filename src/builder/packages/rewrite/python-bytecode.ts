import { posix } from 'node:path';
import type { LayerEntry } from './layer-entries.ts';

/** The header of a .pyc: magic, flags, and by these either time and size of the source, or its hash. */
export const bytecodeHeader = 16;
/** Flags (PEP 552). */
const byTime = 0;
const byCheckedHash = 3;

/** The file that a .pyc was compiled from; undefined where it is no such. */
export function sourceOfBytecode(path: string): string | undefined {
  const [, folder, name] = /^(.*)__pycache__\/([^/]+)\.[a-z]+-\d+(?:\.opt-\d)?\.pyc$/.exec(path) ?? [];
  return name === undefined ? undefined : posix.join(folder ?? '', `${name}.py`);
}

/**
 * The header of bytecode for a source that has another time now, seconds since 1970: Python would compile it again at each start. Bytecode that goes by its source's hash, as
 * Python makes it where SOURCE_DATE_EPOCH is set, goes by the time too, for reading the source to compare it costs most of what bytecode saves.
 */
export function bytecodeForTime(header: Buffer, seconds: number, source: LayerEntry | undefined): Buffer {
  const flags = header.readUInt32LE(4);
  const changed = Buffer.from(header);
  if (flags === byTime) changed.writeUInt32LE(seconds, 8);
  else if (flags === byCheckedHash && source !== undefined) {
    changed.writeUInt32LE(byTime, 4);
    changed.writeUInt32LE(seconds, 8);
    changed.writeUInt32LE(source.content.size % 2 ** 32, 12);
  }
  return changed;
}
