import {
  isOptionalType,
  printType,
  type Type,
  type TypeDifference,
  typeDifferences,
} from '../../types/index.ts';
import type { Change } from './change.ts';

/** `input`: what was accepted must be accepted still. `result`: what is given must still fit what was declared before. */
export type Side = 'input' | 'result';

/** A difference of two types in words, and whether it breaks anyone. */
export type TypeChange = Pick<Change, 'severity' | 'text'>;

/** How a type on one side of a function changes, place by place; `root` stands for the whole: `input`, `result`, the name of a parameter. */
export function typeChanges(before: Type, after: Type, side: Side, root: string): readonly TypeChange[] {
  return typeDifferences(before, after).map((difference) => {
    const why = side === 'input' ? difference.forward : difference.backward;
    const place = `${root}${difference.path.slice(1)}`;
    const severity = why === undefined ? 'compatible' : 'breaking';
    return { severity, text: `${place} ${clause(difference, side, why)}` };
  });
}

function clause(difference: TypeDifference, side: Side, why: string | undefined): string {
  switch (difference.kind) {
    case 'field':
      return difference.before === undefined
        ? newField(difference, side, why)
        : goneField(difference, side, why);
    case 'case':
      return difference.before === undefined ? newCase(side) : goneCase(side);
    case 'optional':
      return optionality(difference, side, why);
    case 'type':
      return otherType(difference, side, why);
  }
}

function newField({ after }: TypeDifference, side: Side, why: string | undefined): string {
  const is = `is new (${shown(after)})`;
  if (side === 'result') return `${is}: readers that do not know it leave it aside`;
  return why === undefined
    ? `${is}: it may be left out`
    : `${is}: callers do not give it, and it must be there`;
}

function goneField({ before }: TypeDifference, side: Side, why: string | undefined): string {
  const is = `is gone (${shown(before)})`;
  if (side === 'input') return `${is}: where it is given it is ignored`;
  return why === undefined ? `${is}: it could be missing before` : `${is}: readers may ask for it`;
}

function newCase(side: Side): string {
  return side === 'input' ? 'is a new case: it is accepted too' : 'is a new case: readers do not expect it';
}

function goneCase(side: Side): string {
  return side === 'input'
    ? 'is no case any more: it was accepted'
    : 'is no case any more: it is not given any more';
}

function optionality(difference: TypeDifference, side: Side, why: string | undefined): string {
  const changed = becomes(difference);
  const isLoose = difference.after !== undefined && isOptionalType(difference.after);
  if (side === 'input') {
    if (why === undefined) return `${changed}: it may be left out now`;
    return isLoose ? `${changed}: ${why}` : `${changed}: it could be left out, and must be there now`;
  }
  if (why === undefined) return `${changed}: it is always there now`;
  return isLoose ? `${changed}: it was always there, and may be missing now` : `${changed}: ${why}`;
}

function otherType(difference: TypeDifference, side: Side, why: string | undefined): string {
  const changed = becomes(difference);
  if (why !== undefined) return `${changed}: ${why}`;
  return side === 'input' ? `${changed}: what was accepted still is` : `${changed}: what is given still fits`;
}

function becomes({ before, after }: TypeDifference): string {
  return `is ${shown(after)}, and was ${shown(before)}`;
}

/** A type as a clause can hold it. */
export function shown(type: Type | undefined): string {
  const text = type === undefined ? 'nothing' : printType(type);
  return text.length > 80 ? `${text.slice(0, 77)}...` : text;
}
