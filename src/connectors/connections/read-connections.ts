import { relative } from 'node:path';
import { type Diagnostic, NstackError } from '../../core/index.ts';
import { readSmallFile, type SmallFile, systemCode } from '../../core/read-small-file.ts';
import { largestManifest, tooLarge } from '../../manifest/decode-source.ts';
import type { Connector } from '../connector.ts';
import type { ConnectionsFile } from './connections-file.ts';

/**
 * Reads and checks the connections file at an absolute path, against what the connectors ask for. A file that is not there has no connections. Nothing is
 * resolved: what the file refers to is not touched. Every fault is in the answer's `diagnostics`; fails with `file-unreadable` alone.
 */
export async function readConnections(
  path: string,
  connectors: readonly Connector[],
): Promise<ConnectionsFile> {
  const shown = relative(process.cwd(), path);
  const file = shown === '' || shown.startsWith('..') ? path : shown;
  const read = await readSmallFile(path, largestManifest).catch((error: unknown) => {
    const code = systemCode(error);
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined;
    throw unreadable(file, error);
  });
  const none = { file, connections: [], secrets: [] };
  if (read === undefined) return { ...none, diagnostics: [] };
  const { connectionsText, parseConnections } = await import('./parse-connections.ts');
  if (typeof read === 'number') return { ...none, diagnostics: [tooLarge(file, read, connectionsText)] };
  const parsed = parseConnections(read.bytes, { path, file, connectors });
  const warning = writableByOthers(parsed, read);
  return warning === undefined ? parsed : { ...parsed, diagnostics: [...parsed.diagnostics, warning] };
}

/** As {@link readConnections}, for those who go on only with a file without errors. Fails with `connection-invalid`, which carries every fault. */
export async function loadConnections(
  path: string,
  connectors: readonly Connector[],
): Promise<ConnectionsFile> {
  const read = await readConnections(path, connectors);
  const errors = read.diagnostics.filter(({ severity }) => severity === 'error');
  if (errors.length === 0) return read;
  const count = errors.length === 1 ? 'one fault' : `${errors.length} faults`;
  throw new NstackError('connection-invalid', `${read.file} has ${count}`, { diagnostics: read.diagnostics });
}

function unreadable(file: string, cause: unknown): NstackError {
  return new NstackError(
    'file-unreadable',
    `the connections file ${file} cannot be read: ${cause instanceof Error ? cause.message : cause}`,
    { cause },
  );
}

/** Whoever can write a file with commands can have them run as us. */
function writableByOthers(
  { file, connections, secrets }: ConnectionsFile,
  { mode, uid, gid }: SmallFile,
): Diagnostic | undefined {
  const referring = [...connections.flatMap(({ references }) => references), ...secrets];
  const first = referring.find(({ reference }) => reference.kind === 'command');
  const own = process.getuid?.() ?? uid;
  const who =
    (mode & 0o002) !== 0
      ? 'everyone'
      : (mode & 0o020) !== 0 && gid !== process.getgid?.()
        ? 'a group'
        : uid !== own && uid !== 0
          ? 'another user'
          : undefined;
  if (first === undefined || who === undefined) return undefined;
  return {
    code: 'writable-by-others',
    severity: 'warning',
    message: `${who} may write ${file}, whose commands run as this user`,
    place: first.place,
    hint: `take the right away with: chmod go-w ${file}`,
  };
}
