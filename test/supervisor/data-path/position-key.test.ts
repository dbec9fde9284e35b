import { describe, expect, it } from 'vitest';
import { positionKey } from '../../../src/supervisor/data-path/position-key.ts';
import type { Plan, SourceNode } from '../../../src/workflow/index.ts';

function source(connector: string, path: string): SourceNode {
  const from = {
    kind: 'connector',
    connector,
    parameters: { path },
    type: { kind: 'json' },
    format: 'json',
  } as const;
  return { kind: 'source', label: path, from, to: [] };
}

describe('the name of a position', () => {
  const [a, twin, b] = [source('file', 'a'), source('file', 'a'), source('file', 'b')];
  const plan: Plan = { name: 'w', text: '', nodes: [a, twin, b, source('stdin', ''), source('kafka', 't')] };
  const keys = plan.nodes.map((node) => (node.kind === 'source' ? positionKey(plan, node) : ''));

  it('is another for another file, and for a second source over the same', () => {
    expect(new Set(keys.slice(0, 3)).size).toBe(3);
  });

  it('stays where other sources join the workflow', () => {
    expect(positionKey({ ...plan, nodes: [b, a] }, a)).toBe(keys[0]);
  });

  it('is none where the system remembers, or nobody', () => {
    expect(keys.slice(3)).toEqual([undefined, undefined]);
  });
});
