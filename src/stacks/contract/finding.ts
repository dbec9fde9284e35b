import type { Diagnostic, Place } from '../../core/index.ts';
import { type FunctionType, printType } from '../../types/index.ts';
import type { CodeFunction } from '../stack.ts';
import type { ContractPlaces } from './places.ts';

/** What was found about one declared function, before it is put in a sentence. */
export interface Finding {
  readonly code: string;
  readonly severity: Diagnostic['severity'];
  /** As the sentence goes on after the code's place, or, where `whole`, names the place itself. */
  readonly text: string;
  readonly whole?: boolean;
  readonly hint?: string;
  readonly place?: Place;
}

/** `score: declared "Click -> Double" at nstack.yaml:6:7, but service.py:14 returns str (Text), where Double is declared`. */
export function describeFinding(
  fn: FunctionType,
  found: CodeFunction | undefined,
  finding: Finding,
  where: ContractPlaces,
): Diagnostic {
  const declaredAt = where.placeOfFunction(fn.name);
  const codeAt = finding.place ?? found?.place;
  const declared = `declared "${printType(fn.input)} -> ${printType(fn.output)}" at ${declaredAt === undefined ? where.manifestFile : show(declaredAt)}`;
  const subject =
    finding.whole === true
      ? ''
      : `${found?.place === undefined ? where.codeFile : `${found.place.file}:${found.place.line}`} `;
  const sourceLine = declaredAt === undefined ? undefined : where.sourceLine(declaredAt);
  const codeLine = codeAt === undefined ? undefined : where.sourceLine(codeAt);
  return {
    code: finding.code,
    severity: finding.severity,
    message: `${fn.name}: ${declared}, ${finding.severity === 'error' ? 'but' : 'and'} ${subject}${finding.text}`,
    ...(declaredAt === undefined ? {} : { place: declaredAt }),
    ...(sourceLine === undefined ? {} : { sourceLine }),
    ...(finding.hint === undefined ? {} : { hint: finding.hint }),
    ...(codeAt === undefined
      ? {}
      : {
          related: {
            message: 'the code is here',
            place: codeAt,
            ...(codeLine === undefined ? {} : { sourceLine: codeLine }),
          },
        }),
  };
}

function show({ file, line, column }: Place): string {
  return `${file}:${line}:${column}`;
}
