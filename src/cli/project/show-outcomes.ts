import { NstackError } from '../../core/index.ts';
import type { ProjectModule } from '../../manifest/index.ts';
import type { CliContext } from '../command.ts';
import { renderError } from '../render-error.ts';
import { table } from '../table.ts';
import type { ModuleOutput } from './module-context.ts';
import type { ModuleOutcome } from './run-modules.ts';

type Outcome = ModuleOutcome<ModuleOutput & { readonly code: number }>;

/** Exit codes from the best to the worst: to try again helps soonest, a defect of ours never. */
const fromBest = [0, 75, 1, 2, 70, 130];

/** The worst exit code of all. */
export function worstCode(outcomes: readonly Outcome[]): number {
  return outcomes.reduce((worst, outcome) => {
    const code = codeOf(outcome);
    return fromBest.indexOf(code) > fromBest.indexOf(worst) ? code : worst;
  }, 0);
}

function codeOf(outcome: Outcome): number {
  switch (outcome.kind) {
    case 'done':
      return outcome.value.code;
    case 'failed':
      return outcome.error.exitCode;
    case 'skipped':
      return 0;
    default:
      return outcome satisfies never;
  }
}

/** What went wrong, each with its module, and a table of all; with `quiet`, for --json, the former alone. */
export function showOutcomes(
  { stderr, color }: CliContext,
  outcomes: readonly Outcome[],
  { quiet }: { readonly quiet: boolean },
): void {
  for (const outcome of outcomes) {
    if (outcome.kind !== 'failed') continue;
    stderr.write(`\n${outcome.module.path}:\n${renderError(outcome.error, { color })}`);
  }
  if (quiet) return;
  const rows = outcomes.map((outcome) => [outcome.module.path, serviceOf(outcome.module), resultOf(outcome)]);
  stderr.write(`\n${table(['MODULE', 'SERVICE', 'RESULT'], rows)}`);
}

function serviceOf({ service }: ProjectModule): string {
  return service instanceof NstackError ? '' : `${service.manifest.name} ${service.manifest.version}`;
}

function resultOf(outcome: Outcome): string {
  switch (outcome.kind) {
    case 'done':
      return withoutName(outcome.value.lastLine, serviceOf(outcome.module));
    case 'failed':
      return `failed: ${outcome.error.message}`;
    case 'skipped':
      return `not begun: ${outcome.because}, which it is built on, has failed`;
    default:
      return outcome satisfies never;
  }
}

/** Commands end with a line such as `ClickAnalytics 1.2.0: built in 3.2 s, 114 MB`. */
function withoutName(line: string, service: string): string {
  return line.startsWith(`${service}: `) ? line.slice(service.length + 2) : line;
}

/** An array with what the command prints for each module, and its folder; for one that failed or was not begun, why. */
export function outcomesJson(outcomes: readonly Outcome[]): string {
  return `${JSON.stringify(outcomes.map(outcomeJson), undefined, 2)}\n`;
}

function outcomeJson(outcome: Outcome): unknown {
  const { path, service } = outcome.module;
  const named =
    service instanceof NstackError ? {} : { name: service.manifest.name, version: service.manifest.version };
  switch (outcome.kind) {
    case 'done':
      return { module: path, ...JSON.parse(outcome.value.stdout || '{}') };
    case 'failed': {
      const { code, message, hint, diagnostics } = outcome.error;
      return { module: path, ...named, error: { code, message, hint, diagnostics } };
    }
    case 'skipped':
      return { module: path, ...named, skipped: { because: outcome.because } };
    default:
      return outcome satisfies never;
  }
}
