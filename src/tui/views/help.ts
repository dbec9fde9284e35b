import { type Line, line } from '../lines.ts';
import { inColumns, wrap } from '../printable.ts';
import { type Binding, bindings, type Place } from '../state/keys.ts';

const sections: readonly { readonly title: string; readonly holds: (binding: Binding) => boolean }[] = [
  { title: 'Everywhere', holds: ({ places }) => places.includes('list') && places.includes('letter') },
  { title: 'A workflow, in the list or looked into', holds: ({ places }) => inBoth(places) },
  { title: 'The list', holds: ({ places }) => places.length === 1 && places[0] === 'list' },
  { title: 'Inside a workflow', holds: ({ places }) => inside(places) },
  { title: 'Dead letters', holds: ({ places }) => only(places, ['letters', 'letter']) },
];

/** Every key and what it does, from the table of keys. */
export function helpLines(width: number): readonly Line[] {
  return sections.flatMap(({ title, holds }, index) => [
    ...(index === 0 ? [] : [[]]),
    line(` ${title}`, { bold: true }),
    ...bindings.filter(holds).flatMap((binding) => bindingLines(binding, width)),
  ]);
}

function bindingLines({ shown, help }: Binding, width: number): readonly Line[] {
  return wrap(help, width - 17).map((text, index) => [
    { text: `   ${inColumns(index === 0 ? shown : '', 12)} `, color: 'cyan' },
    { text },
  ]);
}

function inBoth(places: readonly Place[]): boolean {
  return places.includes('list') && places.length > 1 && !places.includes('letter');
}

function inside(places: readonly Place[]): boolean {
  return !places.includes('list') && !only(places, ['letters', 'letter']);
}

function only(places: readonly Place[], allowed: readonly Place[]): boolean {
  return places.every((place) => allowed.includes(place));
}
