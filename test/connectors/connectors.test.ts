import { execFileSync } from 'node:child_process';
import { describe, expect, it } from 'vitest';
import { connectors, findConnector } from '../../src/connectors/index.ts';

describe('the list of connectors', () => {
  it('is found by name in any case', () => {
    expect(findConnector('FILE')?.name).toBe('file');
    expect(findConnector('Stdin')?.source).toBeDefined();
    expect(findConnector('carrier-pigeon')).toBeUndefined();
  });

  it('names each connector once', () => {
    const names = connectors
      .flatMap(({ name, aliases }) => [name, ...aliases])
      .map((name) => name.toLowerCase());
    expect(new Set(names).size).toBe(names.length);
  });

  it('loads nothing that reads or writes before a connector is opened', () => {
    const index = new URL('../../src/connectors/index.ts', import.meta.url).href;
    const script = `
      import { registerHooks } from 'node:module';
      registerHooks({ load(url, context, next) { console.log(url); return next(url, context); } });
      await import(${JSON.stringify(index)});`;
    const loaded = execFileSync(process.execPath, ['--input-type=module', '-e', script], {
      encoding: 'utf8',
    });
    const modules = loaded.trim().split('\n');
    expect(modules).toContain(index);
    expect(modules.filter((url) => /duckdb|zlib|records|types\//.test(url))).toEqual([]);
  });
});
