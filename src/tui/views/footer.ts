import { clip, type Line } from '../lines.ts';
import { columnsOf } from '../printable.ts';
import { type Binding, workingBindings } from '../state/keys.ts';
import type { TuiState } from '../state/state.ts';

/** The keys that do something now, as many as there is room for; how to leave and to get help come always. */
export function footerLine(state: TuiState): Line {
  const { overlay, size, list } = state;
  if (overlay?.kind === 'confirm')
    return keysLine(
      [
        ['y', 'yes'],
        ['any other key', 'no'],
      ],
      size.columns,
    );
  if (overlay?.kind === 'help')
    return keysLine(
      [
        ['↑ ↓', 'scroll'],
        ['any other key', 'back'],
      ],
      size.columns,
    );
  if (overlay?.kind === 'filter') {
    const typed = clip(
      [{ text: ' /', bold: true }, { text: list.filter }, { text: '_' }, { text: '  ' }],
      size.columns,
    );
    return clip(
      [
        ...typed,
        ...keysLine(
          [
            ['Enter', 'keep'],
            ['Esc', 'all'],
          ],
          size.columns,
        ),
      ],
      size.columns,
    );
  }
  const named = workingBindings(state).filter(({ word }) => word !== undefined);
  const kept = named.filter(({ command }) => command === 'help' || command === 'back' || command === 'leave');
  const others = named.filter((binding) => !kept.includes(binding));
  let room = size.columns - widthOf(kept);
  const fitting = others.filter((binding) => {
    room -= widthOf([binding]);
    return room >= 0;
  });
  return keysLine(
    [...fitting, ...kept].map(({ shown, word = '' }) => [shown, word]),
    size.columns,
  );
}

function keysLine(keys: readonly (readonly [string, string])[], width: number): Line {
  return clip(
    keys.flatMap(([shown, word]) => [
      { text: ` ${shown}`, bold: true, color: 'cyan' as const },
      { text: ` ${word} ` },
    ]),
    width,
  );
}

function widthOf(bindings: readonly Binding[]): number {
  return bindings.reduce((total, { shown, word = '' }) => total + columnsOf(shown) + word.length + 3, 0);
}
