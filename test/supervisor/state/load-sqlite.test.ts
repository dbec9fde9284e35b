import { afterEach, expect, test, vi } from 'vitest';
import { loadSqlite } from '../../../src/supervisor/state/load-sqlite.ts';

afterEach(() => vi.restoreAllMocks());

test('the warning that SQLite is experimental is held back, and no other', () => {
  const heard: unknown[] = [];
  vi.spyOn(process, 'emitWarning').mockImplementation((warning) => void heard.push(warning));
  const load = process.getBuiltinModule;
  // Nodes before 24.11 say the first; none says the second, which stands for whatever else is said meanwhile.
  vi.spyOn(process, 'getBuiltinModule').mockImplementation(((name: string) => {
    process.emitWarning(
      'SQLite is an experimental feature and might change at any time',
      'ExperimentalWarning',
    );
    process.emitWarning('something else');
    return load(name);
  }) as typeof load);
  expect(loadSqlite().DatabaseSync).toBeTypeOf('function');
  process.emitWarning('something later');
  expect(heard).toEqual(['something else', 'something later']);
});
