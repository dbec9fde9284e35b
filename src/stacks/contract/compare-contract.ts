import { type Diagnostic, nearestWord } from '../../core/index.ts';
import type { Api, FunctionType } from '../../types/index.ts';
import type { CodeApi, CodeFunction, CodeName } from '../stack.ts';
import { compareFunction, leftToProbe } from './compare-function.ts';
import { describeFinding, type Finding } from './finding.ts';
import type { ContractPlaces } from './places.ts';

/** `static`: the code was read; what could not be known is left to the probe. `probe`: the running code was asked. */
export type CheckedHow = 'static' | 'probe';

/**
 * Compares the declared API with what the code says of itself: what is declared as input must fit what the code takes, and what the
 * code gives must fit the declared output. What the code does not state is no error. Each finding names both places.
 */
export function compareContract(
  declared: Api,
  code: CodeApi,
  where: ContractPlaces,
  how: CheckedHow,
): readonly Diagnostic[] {
  const findings = declared.functions.flatMap((fn) => findingsOf(fn, code, where, how));
  const undeclared = code.functions.filter(({ name }) => !declared.functions.some((fn) => fn.name === name));
  return [...findings, ...undeclared.map((found) => notDeclared(found, declared, where))];
}

function findingsOf(
  fn: FunctionType,
  code: CodeApi,
  where: ContractPlaces,
  how: CheckedHow,
): readonly Diagnostic[] {
  const found = code.functions.find(({ name }) => name === fn.name);
  const findings = found === undefined ? [missing(fn, code, where, how)] : compareFunction(fn, found);
  const unseen = found === undefined || how === 'probe' ? [] : leftToProbe(found);
  return [...findings, ...unseen].map((finding) => describeFinding(fn, found, finding, where));
}

function missing(fn: FunctionType, code: CodeApi, where: ContractPlaces, how: CheckedHow): Finding {
  const other = code.others?.find(({ name }) => name === fn.name);
  if (other !== undefined) return notAFunction(other, where, how);
  const names = code.functions.map(({ name }) => name);
  const nearest = nearestWord(fn.name, names);
  const near = code.functions.find(({ name }) => name === nearest);
  const holder = code.servedBy === undefined ? where.codeFile : `${code.servedBy} of ${where.codeFile}`;
  const noun = code.servedBy === undefined ? 'function' : 'method';
  if (how === 'static' && code.mayHaveMore === true) {
    const text = `${holder} itself has no ${noun} of that name; what it inherits is left to the probe`;
    return { code: 'left-to-probe', severity: 'note', text, whole: true };
  }
  const hint =
    near === undefined
      ? names.length === 0
        ? `write def ${fn.name}(...) in ${where.codeFile}`
        : `the code has ${names.slice(0, 8).join(', ')}`
      : `did you mean "${near.name}"${near.place === undefined ? '' : ` (${near.place.file}:${near.place.line})`}?`;
  const place = near?.place ?? { file: where.codeFile, line: 1, column: 1 };
  return {
    code: 'missing-function',
    severity: 'error',
    text: `${holder} has no ${noun} of that name`,
    hint,
    place,
    whole: true,
  };
}

function notAFunction(other: CodeName, where: ContractPlaces, how: CheckedHow): Finding {
  const line = other.place === undefined ? where.codeFile : `${other.place.file}:${other.place.line}`;
  const place = other.place === undefined ? {} : { place: other.place };
  if (other.what === 'unknown' && how === 'static') {
    const text = `${line} has ${other.name} as something ${other.text}; left to the probe`;
    return { code: 'left-to-probe', severity: 'note', text, whole: true, ...place };
  }
  const text = `${line} has ${other.name} as ${other.text}, and only functions that the file defines are served`;
  const hint =
    other.what === 'imported'
      ? `write def ${other.name}(...) that calls what is imported`
      : `write def ${other.name}(...)`;
  return { code: 'not-a-function', severity: 'error', text, hint, whole: true, ...place };
}

/** Helpers need not be declared; the note is there for the one that was forgotten. */
function notDeclared(found: CodeFunction, declared: Api, where: ContractPlaces): Diagnostic {
  const line = found.place === undefined ? where.codeFile : `${found.place.file}:${found.place.line}`;
  const missing = declared.functions.map(({ name }) => name);
  const nearest = nearestWord(found.name, missing);
  return {
    code: 'not-declared',
    severity: 'note',
    message: `${found.name} at ${line} is not in the api of ${where.manifestFile}, so it is not served`,
    ...(found.place === undefined ? {} : { place: found.place }),
    ...(found.sourceLine === undefined ? {} : { sourceLine: found.sourceLine }),
    ...(nearest === undefined ? {} : { hint: `the api has "${nearest}"` }),
  };
}
