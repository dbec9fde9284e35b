import { tmpdir } from 'node:os';
import { beforeAll, describe, expect, it } from 'vitest';
import { buildAs } from '../support/build-as.ts';
import { containersOf, nstack } from '../support/nstack.ts';

const cwd = tmpdir();

beforeAll(async () => {
  await buildAs('Called.Trouble', 'test/fixtures/services/trouble');
  await buildAs('Called.ClickAnalytics', 'test/fixtures/services/seed');
});

describe('nstack call', () => {
  it('prints the result as JSON on stdout and nothing else there', async () => {
    const ended = await nstack(['call', 'Called.Trouble.work', '{"id": 3, "do": "print"}'], { cwd });
    expect(ended.stdout).toBe('{"id":3,"seen":1}\n');
    expect(ended.stderr).toContain('a print 3');
    expect(ended.code).toBe(0);
  });

  it('serves a class without self, as it was first shown, with its bare OS package', async () => {
    const ended = await nstack(['call', 'Called.ClickAnalytics.analyse', '"hello"'], { cwd });
    expect(ended.stdout).toBe('"HELLO"\n');
  });

  it('says what is wrong with an argument before anything starts', async () => {
    const ended = await nstack(['call', 'Called.Trouble.work', '{"id": 1.0}'], { cwd });
    expect(ended.stderr).toContain('$.id');
    expect(ended.stderr).toContain('Integer');
    expect(ended).toMatchObject({ code: 2, stdout: '' });
  });

  it("shows the service's own stack when its code raises", async () => {
    const ended = await nstack(['call', 'Called.Trouble.work', '{"id": 5, "do": "fail"}'], { cwd });
    expect(ended.stderr).toContain('ValueError: order 5 cannot be done');
    expect(ended.stderr).toContain('service.py');
    expect(ended.code).toBe(2);
  });

  it('ends a call that hangs', async () => {
    const ended = await nstack(['call', 'Called.Trouble.work', '{"id": 5, "do": "hang"}', '--timeout=300'], {
      cwd,
    });
    expect(ended.stderr).toContain('300 ms');
    expect(ended.code).toBe(75);
    expect(await containersOf('Called.Trouble')).toEqual([]);
  });

  it('names what is there when it does not know the function', async () => {
    const ended = await nstack(['call', 'Called.Trouble.wrok', '{}'], { cwd });
    expect(ended.stderr).toContain('Called.Trouble.work');
    expect(ended.code).toBe(1);
  });
});
