import { accepts, type Check, checkOfFrame, checkOfItems } from './check.ts';
import { generateFrames, generateItems } from './generate.ts';
import type { Random } from './random.ts';
import { blockFrame, callFrame, type Subject } from './subject.ts';
import { isWellFormed } from './well-formed.ts';

/** So many cases of a function: each input as a block of its own, as a call, and among others in a block; and frames changed anywhere. */
export function checksOf(subject: Subject, random: Random, count: number): readonly Check[] {
  const frames = Math.ceil(count / 4);
  const items = generateItems(subject, random, count - frames);
  const whole = items.filter(isWellFormed);
  const broken = items.filter((item) => !isWellFormed(item));
  const fitting = whole.filter((item) => accepts(subject.inputs, item));
  return [
    ...whole.map((item) => checkOfItems(subject, 'block', [item])),
    // `()` has no argument that could be wrong.
    ...(subject.arity === 0 ? [] : whole.map((item) => checkOfItems(subject, 'call', [item]))),
    ...[...groups(whole, random), ...groups(fitting, random)].map((group) =>
      checkOfItems(subject, 'block', group),
    ),
    ...broken.flatMap((item) => [
      checkOfFrame(subject, blockFrame(subject, [item])),
      checkOfFrame(subject, callFrame(subject, item)),
    ]),
    ...generateFrames(subject, random, frames).map((frame) => checkOfFrame(subject, frame)),
  ];
}

function groups(items: readonly Buffer[], random: Random): readonly (readonly Buffer[])[] {
  const found: (readonly Buffer[])[] = [];
  for (let at = 0; at < items.length; ) {
    const size = 2 + random.below(30);
    found.push(items.slice(at, at + size));
    at += size;
  }
  return found;
}
