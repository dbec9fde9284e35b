/**
 * Node's own SQLite. Until Node calls it stable, loading it makes Node warn that it is experimental; that one warning is held back, and no other. The
 * module is loaded here alone, by a call: an `import` of it would warn before any code of ours runs.
 */
export function loadSqlite(): typeof import('node:sqlite') {
  const { emitWarning } = process;
  process.emitWarning = (warning: string | Error, ...rest: unknown[]) => {
    if (!String(warning).startsWith('SQLite is an experimental feature')) {
      Reflect.apply(emitWarning, process, [warning, ...rest]);
    }
  };
  try {
    return process.getBuiltinModule('node:sqlite');
  } finally {
    process.emitWarning = emitWarning;
  }
}
