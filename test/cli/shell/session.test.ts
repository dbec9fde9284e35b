import { describe, expect, it } from 'vitest';
import { createSession, isLanguage } from '../../../src/cli/shell/session.ts';
import type { SupervisorClient, WorkflowRequest } from '../../../src/client/index.ts';
import { NstackError } from '../../../src/core/index.ts';

// The supervisor's part is played by a function that refuses what has no source, as the real one does (test/e2e has the real one).
function open() {
  const defined: WorkflowRequest[] = [];
  const client = {
    async define(request: WorkflowRequest) {
      if (!request.text.includes('stdin')) {
        const fault = {
          code: 'no-source',
          severity: 'error',
          message: 'a workflow begins with a source',
        } as const;
        throw new NstackError('workflow-invalid', 'no', { diagnostics: [fault] });
      }
      if (request.text.includes('Nope'))
        throw new NstackError('workflow-invalid', 'no', {
          diagnostics: [{ code: 'unknown-service', severity: 'error', message: 'there is no Nope' }],
        });
      defined.push(request);
      return { name: request.name, version: defined.length };
    },
  } as unknown as SupervisorClient;
  return { session: createSession(client, '/folder'), defined };
}

describe('a session of the shell', () => {
  it('tells statements of the language from commands', () => {
    for (const text of ['w = stdin -> A -> log', 'def w = a', 'import A:1.0.0 as B', 'type T = Integer'])
      expect(isLanguage(text)).toBe(true);
    for (const text of ['start w', 'start stdin -> A { x = 1 } -> log', 'ps', 'stop w --now'])
      expect(isLanguage(text)).toBe(false);
  });

  it('keeps parts, and gives a workflow those that it needs, and those that they need', async () => {
    const { session, defined } = open();
    expect(await session.take('type T = { a: Integer }')).toEqual({ kind: 'type', name: 'T' });
    expect(await session.take('inner = A -> B')).toEqual({ kind: 'part', name: 'inner' });
    await session.take('outer = inner -> C');
    await session.take('unused = D');
    expect(await session.take('w = stdin<T> -> outer -> log')).toMatchObject({ kind: 'workflow' });
    expect(defined[0]).toMatchObject({
      name: 'w',
      text: 'type T = { a: Integer }\ninner = A -> B\nouter = inner -> C\nw = stdin<T> -> outer -> log',
    });
  });

  it('tells faults of a workflow, which makes it no part', async () => {
    const { session } = open();
    await expect(session.take('w = stdin -> Nope -> log')).rejects.toThrow('no');
    expect(session.withNames('w -> x')).toBe('w -> x');
  });
});
