import type { Diagnostic } from '../../core/index.ts';

/** What a command tells of itself while it works, for programs: a line of `--events` each, and what the job summary is made of. */
export type ReportEvent =
  | { readonly event: 'step-began'; readonly step: string }
  | { readonly event: 'detail'; readonly step: string; readonly text: string }
  | {
      readonly event: 'step-ended';
      readonly step: string;
      readonly seconds: number;
      readonly remark?: string;
    }
  | { readonly event: 'finding'; readonly finding: Diagnostic }
  | { readonly event: 'result'; readonly result: Readonly<Record<string, unknown>> }
  | {
      readonly event: 'failed';
      readonly code: string;
      readonly exitCode: number;
      readonly message: string;
      readonly hint?: string | undefined;
      readonly findings: readonly Diagnostic[];
    };

/** An event as it happened: when, and of which module of a project. */
export type ReportedEvent = ReportEvent & {
  /** ISO 8601. */
  readonly at: string;
  readonly command: string;
  /** The module's folder as the project names it, where the command works on a project. */
  readonly module?: string;
};

/** Takes what a command tells. */
export interface Report {
  tell(event: ReportEvent): void;
  /** The same report, for one module of a project. */
  ofModule(module: string): Report;
}

/** Hands every event to each listener, in order. */
export function createReport(
  command: string,
  listeners: readonly ((event: ReportedEvent) => void)[],
): Report {
  const of = (module: string | undefined): Report => ({
    tell(event) {
      const reported = {
        at: new Date().toISOString(),
        command,
        ...(module === undefined ? {} : { module }),
        ...event,
      };
      for (const listener of listeners) listener(reported);
    },
    ofModule: (name) => of(name),
  });
  return of(undefined);
}
