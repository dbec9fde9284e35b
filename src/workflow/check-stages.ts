import type { RegisteredService } from '../registry/index.ts';
import type { Findings, FunctionType, Span, Type } from '../types/index.ts';
import { misfit } from './misfit.ts';
import { newestServices } from './resolve-service.ts';

/** A stage as the check of types sees it. */
export interface TypedStage {
  readonly label: string;
  readonly input: Type;
  readonly output: Type;
  readonly span: Span;
}

/** A type in angle brackets at a source or a sink. */
export interface StatedType {
  readonly type: Type;
  readonly span: Span;
}

/**
 * Checks that each stage takes what comes before it, and that no stage is a source or a sink by its own type. Reports each place where two
 * types part: both types, where they part, and which functions would fit there.
 */
export function checkStages(
  stages: readonly TypedStage[],
  source: StatedType | undefined,
  sink: StatedType | undefined,
  services: readonly RegisteredService[],
  findings: Findings,
): void {
  const before = (index: number) => (index === 0 ? source?.type : usable(stages[index - 1]?.output));
  const after = (index: number) =>
    index === stages.length - 1 ? sink?.type : usable(stages[index + 1]?.input);
  for (const [index, stage] of stages.entries()) {
    if (reportEnds(stage, findings)) continue;
    const given = before(index);
    const found = given === undefined ? undefined : misfit(given, stage.input);
    if (given === undefined || found === undefined) continue;
    const giver = index === 0 ? 'the source' : (stages[index - 1]?.label ?? '');
    const message = `${giver} gives ${found.from}, but ${stage.label} takes ${found.to}${found.why}`;
    findings.error('type-mismatch', stage.span, message, {
      hint: fittingHint(given, after(index), services),
    });
  }
  const last = stages.at(-1);
  const given = usable(last?.output);
  const found = given === undefined || sink === undefined ? undefined : misfit(given, sink.type);
  if (last !== undefined && sink !== undefined && found !== undefined) {
    const message = `${last.label} gives ${found.from}, but the sink takes ${found.to}${found.why}`;
    findings.error('type-mismatch', sink.span, message, {
      hint: 'leave the type out: the sink takes what the last stage gives',
    });
  }
}

/** A function from or to Void would be a source or a sink itself. */
function reportEnds({ label, input, output, span }: TypedStage, findings: Findings): boolean {
  const isSource = kindOf(input) === 'void';
  if (!isSource && kindOf(output) !== 'void') return false;
  const end = isSource ? 'a source: it takes Void' : 'a sink: it gives Void';
  findings.error(
    'later-version',
    span,
    `${label} is ${end}; services as sources and sinks come in a later version`,
  );
  return true;
}

/** A Void beside a stage is reported for itself. */
function usable(type: Type | undefined): Type | undefined {
  return type === undefined || kindOf(type) === 'void' ? undefined : type;
}

const mostShown = 5;

/** The functions that take `given` and, where it is known what follows, give what that takes. */
function fittingHint(given: Type, wanted: Type | undefined, services: readonly RegisteredService[]): string {
  const fits = ({ input, output }: FunctionType) =>
    kindOf(input) !== 'void' &&
    kindOf(output) !== 'void' &&
    misfit(given, input) === undefined &&
    (wanted === undefined || misfit(output, wanted) === undefined);
  const names = newestServices(services).flatMap(({ name, manifest }) =>
    manifest.api.functions.filter(fits).map((found) => `${name}.${found.name}`),
  );
  if (names.length === 0) return 'no service that is built fits here';
  const more = names.length > mostShown ? ` and ${names.length - mostShown} more` : '';
  return `here would fit: ${names.slice(0, mostShown).join(', ')}${more}`;
}

function kindOf(type: Type): Type['kind'] {
  return type.kind === 'named' ? kindOf(type.target) : type.kind;
}
