import type { Connection } from '../../connectors/index.ts';
import { NstackError } from '../../core/index.ts';
import type { Manifest } from '../../manifest/index.ts';
import type { DataPathJob } from '../messages.ts';

/** The connections and secrets of this process, and what keeps everything that leaves it free of them. */
export interface Vault {
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

export async function openVault(job: DataPathJob, _signal: AbortSignal): Promise<Vault> {
  return {
    async connection(name) {
      throw new NstackError('connection-invalid', `there is no connection ${name} in ${job.connectionsFile}`);
    },
    async secrets() {
      return {};
    },
    redact: (text) => text,
    redactValue: (value) => value,
    withoutSecrets: (error) => error,
  };
}
