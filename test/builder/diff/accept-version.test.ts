import { describe, expect, test } from 'vitest';
import { type NewVersion, refuseBreaking, succession } from '../../../src/builder/diff/accept-version.ts';
import { service } from './support.ts';

function version(number: string, api: string): NewVersion {
  return { version: number, manifest: service({ version: number, api }).manifest, labels: {} };
}

/** What becomes of a push of `new` where these are published. */
async function push(pushed: NewVersion, published: readonly NewVersion[], allowed = false) {
  const found = await succession(pushed, {
    versions: async () => published.map((one) => one.version),
    service: async (number) => published.find((one) => one.version === number),
  });
  const notes: string[] = [];
  if (found !== undefined) refuseBreaking(found, { allowed, onNote: (line) => notes.push(line) });
  return { notes, measuredBy: found?.former.version };
}

const [old, other] = ['score : Text -> Double', 'score : Text -> Text'];
const published = [
  version('0.9.0', other),
  version('1.0.0', other),
  version('1.2.0', old),
  version('2.0.0', other),
];

describe('a push', () => {
  test('of a breaking change under a compatible version is refused, with the changes and the way out', async () => {
    await expect(push(version('1.3.0', other), published)).rejects.toMatchObject({
      code: 'breaking-change',
      message: 'Clicks 1.3.0 breaks users of 1.2.0, which is published, and 1.3.0 promises that it does not',
      hint: expect.stringMatching(
        /^breaking +score: result is Text, and was Double: .*\n.*version: 2.0.0.*--allow-breaking/,
      ),
    });
  });

  test('is measured by the newest lower release of its own line', async () => {
    expect((await push(version('1.1.0', other), published)).measuredBy).toBe('1.0.0');
    expect((await push(version('1.3.0', old), published)).measuredBy).toBe('1.2.0');
    expect((await push(version('3.0.0', old), published)).measuredBy).toBeUndefined();
    expect((await push(version('0.10.0', old), published)).measuredBy).toBeUndefined();
  });

  test('goes on where breaking is allowed, and says what breaks', async () => {
    const { notes } = await push(version('1.3.0', other), published, true);
    expect(notes).toEqual([
      'note: Clicks 1.3.0 breaks users of 1.2.0, which is published:',
      expect.stringContaining('result is Text'),
    ]);
  });

  test('of a snapshot goes on, and says what its release would be', async () => {
    const { notes } = await push(version('1.3.0-SNAPSHOT', other), published);
    expect(notes[0]).toContain('its release would be 2.0.0');
  });

  test('of a compatible change says nothing', async () => {
    const more = version('1.3.0', 'score : Text -> Integer');
    expect(await push(more, published)).toEqual({ notes: [], measuredBy: '1.2.0' });
  });
});
