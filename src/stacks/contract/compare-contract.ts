import { type Diagnostic, nearestWord, type Place } from '../../core/index.ts';
import type { Api, FunctionType } from '../../types/index.ts';
import type { CodeApi, CodeFunction, CodeName } from '../stack.ts';
import { compareFunction, leftToProbe } from './compare-function.ts';
import { describeFinding, type Finding } from './finding.ts';
import type { ContractPlaces } from './places.ts';

/** How many names a hint or a note lists. */
const mostNamed = 8;

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
  return [...findings, ...notDeclared(undeclared, where)];
}

function findingsOf(
  fn: FunctionType,
  code: CodeApi,
  where: ContractPlaces,
  how: CheckedHow,
): readonly Diagnostic[] {
  const found = code.functions.find(({ name }) => name === fn.name);
  const findings =
    found === undefined ? [missing(fn, code, where, how)] : compareFunction(fn, found, where.words);
  const unseen = found === undefined || how === 'probe' ? [] : leftToProbe(found);
  return [...findings, ...unseen].map((finding) => describeFinding(fn, found, finding, where));
}

function missing(fn: FunctionType, code: CodeApi, where: ContractPlaces, how: CheckedHow): Finding {
  const unusable = where.words.unusableName(fn.name);
  if (unusable !== undefined) return nobodyCanHave(unusable, where);
  const other = code.others?.find(({ name }) => name === fn.name);
  if (other !== undefined) return notAFunction(other, where, how);
  const names = code.functions.map(({ name }) => name);
  const nearest = nearestWord(fn.name, names);
  const near = code.functions.find(({ name }) => name === nearest);
  const { servedBy } = code;
  const holder = servedBy === undefined ? where.codeFile : `${servedBy.text} at ${lineOf(servedBy.place)}`;
  const noun = servedBy === undefined ? 'function' : 'method';
  if (how === 'static' && code.mayHaveMore === true) {
    const text = `${holder} itself has no ${noun} of that name; what it inherits is left to the probe`;
    return { code: 'left-to-probe', severity: 'note', text, whole: true };
  }
  const hint =
    near === undefined
      ? names.length === 0
        ? `write ${where.words.define(fn.name, servedBy !== undefined)} in ${where.codeFile}`
        : `the code has ${names.slice(0, mostNamed).join(', ')}`
      : `did you mean "${near.name}"${near.place === undefined ? '' : ` (${lineOf(near.place)})`}?`;
  const place = near?.place ?? servedBy?.place ?? { file: where.codeFile, line: 1, column: 1 };
  return {
    code: 'missing-function',
    severity: 'error',
    text: `${holder} has no ${noun} of that name`,
    hint,
    place,
    whole: true,
  };
}

function nobodyCanHave(why: string, { codeFile, words }: ContractPlaces): Finding {
  return {
    code: 'unusable-name',
    severity: 'error',
    text: `${codeFile} can have no function of that name, which ${why}`,
    hint: `name it otherwise in the api: a function in ${words.language} needs a name of its own`,
    whole: true,
  };
}

function notAFunction(other: CodeName, where: ContractPlaces, how: CheckedHow): Finding {
  const { name, place } = other;
  const found = `at ${place === undefined ? where.codeFile : lineOf(place)} ${name} is ${other.text}`;
  const rest = { whole: true, ...(place === undefined ? {} : { place }) };
  if (other.what === 'unknown' && how === 'static') {
    return { code: 'left-to-probe', severity: 'note', text: `${found}; left to the probe`, ...rest };
  }
  const imported = other.what === 'imported';
  const hint =
    other.hint ?? `write ${where.words.define(name, false)}${imported ? ' that calls what is imported' : ''}`;
  if (other.what === 'outside')
    return {
      code: 'not-a-function',
      severity: 'error',
      text: found,
      hint: other.hint ?? `move it into the class, as ${where.words.define(name, true)}`,
      ...rest,
    };
  const text = `${found}, and only functions${imported ? ' that the file defines' : ''} are served`;
  return { code: 'not-a-function', severity: 'error', text, hint, ...rest };
}

/** Helpers need not be declared; the note is there for the function that was forgotten. */
function notDeclared(found: readonly CodeFunction[], where: ContractPlaces): readonly Diagnostic[] {
  const [first] = found;
  if (first === undefined) return [];
  const names = found.map(({ name, place }) => (place === undefined ? name : `${name} (${lineOf(place)})`));
  const more = names.length > mostNamed ? ` and ${names.length - mostNamed} more` : '';
  return [
    {
      code: 'not-declared',
      severity: 'note',
      message: `not in the api of ${where.manifestFile}, so not served: ${names.slice(0, mostNamed).join(', ')}${more}`,
      ...(first.place === undefined ? {} : { place: first.place }),
    },
  ];
}

function lineOf({ file, line }: Place): string {
  return `${file}:${line}`;
}
