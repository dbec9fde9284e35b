import { describe, expect, it, test } from 'vitest';
import type { LayerRecord } from '../../../src/builder/image/layer-records.ts';
import { explainLayers } from '../../../src/builder/record/explain-layers.ts';
import type { InputPart } from '../../../src/builder/record/input-parts.ts';

const image = (digest: string): InputPart => ({ layer: 'base', kind: 'image', name: 'base image b', digest });
const asked = (name: string): InputPart => ({
  layer: 'os',
  kind: 'entry',
  name: `packages: ${name}`,
  digest: '',
});
const code = (digest: string): InputPart => ({ layer: 'code', kind: 'file', name: 'service.py', digest });
const shim = (digest: string): InputPart => ({ layer: 'shim', kind: 'own', name: 'python shim', digest });

function told(before: readonly InputPart[], after: readonly InputPart[]) {
  const layers = explainLayers({ inputs: '', parts: before, costs: [] }, after, []);
  return layers.map(({ layer, state, because }) => [layer, state, ...because].join(' | '));
}

test('a layer is rebuilt by the file that changed, and by nothing else', () => {
  const before = [image('sha256:1'), asked('numpy'), shim('1'), code('1')];
  expect(told(before, before)).toEqual([
    'base | unchanged',
    'os | unchanged',
    'shim | unchanged',
    'code | unchanged',
  ]);
  expect(told(before, [image('sha256:1'), asked('numpy'), shim('2'), code('2')])).toEqual([
    'base | unchanged',
    'os | unchanged',
    'shim | rebuilt | nstack itself: python shim',
    'code | rebuilt | service.py changed',
  ]);
});

test('packages are told as they are asked for', () => {
  expect(told([asked('numpy'), asked('libsvm')], [asked('numpy>=2'), asked('libsvm')])).toEqual([
    'os | rebuilt | packages: - numpy | packages: + numpy>=2',
  ]);
});

test('what stands on a layer that is rebuilt is rebuilt, and what is put together of files is not', () => {
  expect(
    told([image('sha256:1'), asked('a'), code('1')], [image('sha256:abc'), asked('a'), code('1')]),
  ).toEqual(['base | rebuilt | base image b: sha256:abc', 'os | rebuilt | base rebuilt', 'code | unchanged']);
});

test('without anything to compare with, nothing is claimed', () => {
  expect(explainLayers('no image', [code('1')], [{ layer: 'code', seconds: 1, bytes: 2 }])).toEqual([
    { layer: 'code', state: 'new', because: [], seconds: 1, bytes: 2 },
  ]);
  expect(explainLayers('built elsewhere', [code('1')], [])).toEqual([
    { layer: 'code', state: 'unknown', because: ['the image was built elsewhere'] },
  ]);
});

describe('where both images say which layers they have', () => {
  const layer = (name: string, key: string): LayerRecord => ({ name, key, diffId: `sha256:${key}`, size: 1 });
  const parts = [image('sha256:1'), asked('numpy'), code('2')];
  const was = [layer('base', '1'), layer('os', '2'), layer('code', '3')];

  it('these decide, on a machine that knows nothing else of the image before', () => {
    const is = [layer('base', '1'), layer('os', '2'), layer('shim', '5'), layer('code', '4')];
    const told = explainLayers('built elsewhere', parts, [], { was, is });
    expect(told.map((one) => [one.layer, one.state, ...one.because])).toEqual([
      ['base', 'unchanged'],
      ['os', 'unchanged'],
      ['shim', 'new', 'the image was built elsewhere'],
      ['code', 'rebuilt', 'the image was built elsewhere'],
    ]);
  });

  it('a layer that is gone is told', () => {
    const before = { inputs: '', parts, costs: [] };
    const is = [layer('base', '1'), layer('language', '6'), layer('code', '3')];
    const told = explainLayers(before, [image('sha256:1'), code('2')], [], { was, is });
    expect(told.map((one) => [one.layer, one.state, ...one.because])).toEqual([
      ['base', 'unchanged'],
      ['os', 'removed', 'packages: - numpy'],
      ['language', 'new'],
      ['code', 'unchanged'],
    ]);
  });
});
