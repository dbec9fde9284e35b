/** Why a path (or a glob) may not name something below the service folder; undefined where it may. */
export function pathFault(path: string): string | undefined {
  if (path.trim() !== path) return 'begins or ends with white space';
  if (path.includes('\\')) return 'holds a backslash; folders are parted by /';
  if (path.startsWith('/') || path.startsWith('~') || /^[A-Za-z]:/.test(path))
    return 'is not relative to the folder of nstack.yaml';
  if (path.startsWith('-')) return 'begins with a hyphen, so that a tool would take it for an option';
  if (path.startsWith('!')) return 'begins with !, which globs here do not have';
  const segments = path.replace(/\/$/, '').split('/');
  if (segments.includes('..')) return 'leads out of the folder of nstack.yaml';
  if (segments.includes('')) return 'has an empty part';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is looked for.
  return /[\0-\x1f\x7f]/.test(path) ? 'holds a control character' : undefined;
}
