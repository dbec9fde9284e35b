import { describe, expect, test } from 'vitest';
import { stateFolder } from '../../src/core/index.ts';

describe('where the state folder is', () => {
  test.each([
    [{ NSTACK_STATE: '/var/lib/nstack', XDG_STATE_HOME: '/x', HOME: '/home/a' }, '/var/lib/nstack'],
    [{ NSTACK_STATE: '/srv//a/../nstack/' }, '/srv/nstack'],
    [{ XDG_STATE_HOME: '/x', HOME: '/home/a' }, '/x/nstack'],
    [{ XDG_STATE_HOME: 'x', HOME: '/home/a' }, '/home/a/.local/state/nstack'],
    [{ NSTACK_STATE: '', XDG_STATE_HOME: '', HOME: '/home/a' }, '/home/a/.local/state/nstack'],
  ])('%j: %s', (env, folder) => {
    expect(stateFolder(env)).toBe(folder);
  });

  test('a relative NSTACK_STATE is refused', () => {
    expect(() => stateFolder({ NSTACK_STATE: 'state' })).toThrow(
      expect.objectContaining({ code: 'usage', message: 'NSTACK_STATE is the relative path "state"' }),
    );
  });
});
