import { findConnection } from '../../connectors/connections/connection-for.ts';
import { loadConnections } from '../../connectors/connections/read-connections.ts';
import { resolveConnection } from '../../connectors/connections/resolve-connection.ts';
import { resolveSecrets } from '../../connectors/connections/resolve-secrets.ts';
import { type Connection, connectors } from '../../connectors/index.ts';
import {
  createRedactor,
  type Diagnostic,
  NstackError,
  placeText,
  redactError,
  redactTexts,
} from '../../core/index.ts';
import type { Manifest } from '../../manifest/index.ts';
import type { DataPathJob } from '../messages.ts';

/** The connections and secrets of this process, and what keeps everything that leaves it free of them. */
export interface Vault {
  /** What the connections file is warned of, a line each. */
  readonly warnings: readonly string[];
  /** The connection of that name, its secrets in their places. */
  connection(name: string): Promise<Connection>;
  /** The secrets that a service asks for. */
  secrets(manifest: Manifest): Promise<Readonly<Record<string, string>>>;
  /** A text for people, without secrets. */
  redact(text: string): string;
  /** A plain value whose texts are free of secrets. */
  redactValue<T>(value: T): T;
  withoutSecrets(error: unknown): unknown;
}

export async function openVault(job: DataPathJob, signal: AbortSignal): Promise<Vault> {
  const file = await loadConnections(job.connectionsFile, connectors);
  const known = new Set<string>();
  const resolved = new Map<string, Promise<Connection>>();
  /** Once for all instances of a service: a secret may be what a program answers. */
  const ofServices = new Map<string, Promise<Readonly<Record<string, string>>>>();
  let redact = createRedactor(known);

  function learn(secrets: readonly string[]): void {
    for (const secret of secrets) known.add(secret);
    redact = createRedactor(known);
  }

  async function resolve(name: string): Promise<Connection> {
    const found = findConnection(name, file.connections);
    if (found === undefined) {
      throw new NstackError(
        'connection-invalid',
        `there is no connection ${name} in ${job.connectionsFile} any more`,
      );
    }
    const connection = await resolveConnection(found, signal);
    learn(connection.secrets);
    return connection;
  }

  async function resolveFor({ name, secrets }: Manifest): Promise<Readonly<Record<string, string>>> {
    const found = await resolveSecrets(file, name, secrets, signal);
    learn(Object.values(found));
    return found;
  }

  return {
    warnings: file.diagnostics.map(inOneLine),
    connection(name) {
      const connection = resolved.get(name) ?? resolve(name);
      resolved.set(name, connection);
      return connection;
    },
    secrets(manifest) {
      const secrets = ofServices.get(manifest.name) ?? resolveFor(manifest);
      ofServices.set(manifest.name, secrets);
      return secrets;
    },
    redact: (text) => redact(text),
    redactValue: (value) => (known.size === 0 ? value : (redactTexts(value, redact) as typeof value)),
    withoutSecrets: (error) =>
      known.size === 0 || !(error instanceof NstackError) ? error : redactError(error, redact),
  };
}

/** `connections.yaml:5:15: everyone may write ...: take the right away with ...` */
function inOneLine({ place, message, hint }: Diagnostic): string {
  const where = place === undefined ? '' : `${placeText(place)}: `;
  return `${where}${message}${hint === undefined ? '' : `: ${hint}`}`;
}
