import type { Key } from 'ink';

/** The keys of one input by the names that the table of keys has: several, where characters were typed faster than they were read. */
export function keyNames(input: string, key: Key): readonly string[] {
  if (key.eventType === 'release') return [];
  const named = names.find(([property]) => key[property] === true);
  if (named !== undefined) return [key.tab && key.shift ? 'back-tab' : named[1]];
  if (key.ctrl) return input === '' ? [] : [`ctrl-${input}`];
  // What is left of a sequence that no one knows is nothing that was typed.
  if (key.meta) return [];
  return [...input].filter((sign) => sign >= ' ' && sign !== '\u{7f}');
}

const names = [
  ['upArrow', 'up'],
  ['downArrow', 'down'],
  ['leftArrow', 'left'],
  ['rightArrow', 'right'],
  ['pageUp', 'page-up'],
  ['pageDown', 'page-down'],
  ['home', 'home'],
  ['end', 'end'],
  ['return', 'enter'],
  ['escape', 'escape'],
  ['tab', 'tab'],
  ['backspace', 'backspace'],
  // Some terminals send for Backspace what others send for Delete.
  ['delete', 'backspace'],
] as const satisfies readonly (readonly [keyof Key, string])[];
