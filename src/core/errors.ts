/** What went wrong, as a closed set. The exit code of each is in {@link exitCodes}. */
export type ErrorCode = keyof typeof exitCodes;

/**
 * Process exit codes by error code: 1 the user's mistake, 2 a failed check, 75 try again (a service or a
 * network that may come back), 70 our defect, 130 interrupted.
 */
export const exitCodes = {
  usage: 1,
  'file-missing': 1,
  'file-unreadable': 1,
  'file-unwritable': 1,
  'manifest-invalid': 1,
  'types-invalid': 1,
  'workflow-invalid': 1,
  'service-unknown': 1,
  'workflow-unknown': 1,
  'connection-invalid': 1,
  'stack-unknown': 1,
  'package-unknown': 1,
  'lock-invalid': 1,
  'lock-differs': 2,
  'connector-invalid': 1,
  'policy-invalid': 1,
  'key-invalid': 1,
  permission: 1,
  'contract-broken': 2,
  'test-failed': 2,
  'build-failed': 2,
  'service-failed': 2,
  'value-invalid': 2,
  'signature-invalid': 2,
  'secret-exposed': 2,
  'release-exists': 1,
  'breaking-change': 2,
  'engine-unavailable': 75,
  'supervisor-unavailable': 75,
  'broker-unavailable': 75,
  'registry-unavailable': 75,
  network: 75,
  timeout: 75,
  'protocol-breach': 2,
  'instance-died': 75,
  defect: 70,
  interrupted: 130,
} as const satisfies Record<string, 1 | 2 | 70 | 75 | 130>;

export interface NstackErrorOptions {
  /** The way out: one sentence that says what to type or change. */
  readonly hint?: string;
  readonly cause?: unknown;
  /** Positioned findings, where the error is about a text the user wrote. */
  readonly diagnostics?: readonly import('./diagnostics.ts').Diagnostic[];
}

/**
 * The one error class of nstack. `message` names who, what and which value; `hint` the way out. Anything
 * else that reaches the command line is a defect of ours and ends with exit code 70.
 */
export class NstackError extends Error {
  override readonly name = 'NstackError';
  readonly code: ErrorCode;
  readonly hint: string | undefined;
  readonly diagnostics: readonly import('./diagnostics.ts').Diagnostic[];

  constructor(code: ErrorCode, message: string, options: NstackErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.hint = options.hint;
    this.diagnostics = options.diagnostics ?? [];
  }

  get exitCode(): number {
    return exitCodes[this.code];
  }
}
