import type { Path } from './yaml-value.ts';

/** A JSON pointer into a value as a path. */
export function pathOf(pointer: string, root: unknown): Path {
  let value = root;
  const names = pointer.split('/').slice(1);
  return names.map((escaped) => {
    const name = escaped.replaceAll('~1', '/').replaceAll('~0', '~');
    const segment = Array.isArray(value) ? Number(name) : name;
    value = valueAt(value, [segment]);
    return segment;
  });
}

/** What a path is called in a message: `limits.memory`, `packages[2]`. */
export function pathText(path: Path): string {
  return path
    .map((segment, index) =>
      typeof segment === 'number' ? `[${segment}]` : `${index === 0 ? '' : '.'}${segment}`,
    )
    .join('');
}

/** The part of a value at a path; undefined where there is none. */
export function valueAt(root: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (value, segment) =>
      typeof value === 'object' && value !== null ? Reflect.get(value, segment) : undefined,
    root,
  );
}

/** A value as a message shows it: short, on one line. */
export function show(value: unknown): string {
  if (value === null || value === undefined) return 'nothing';
  if (Array.isArray(value)) return 'a list';
  if (typeof value === 'object') return 'a mapping';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return cut(text);
}

/** A text of at most 60 characters. */
export function cut(text: string): string {
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
