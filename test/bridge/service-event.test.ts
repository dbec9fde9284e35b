import { describe, expect, it } from 'vitest';
import { readServiceEvent } from '../../src/bridge/service-event.ts';

const metric = { name: 'hits', value: 1 };

describe('a notification of a service', () => {
  it.each([
    ['a log without params', '$/log', undefined],
    ['a log with a list of params', '$/log', ['info', 'x']],
    ['a log without a level', '$/log', { message: 'x' }],
    ['a log whose message is a number', '$/log', { level: 'info', message: 1 }],
    ['a log whose fields are a list', '$/log', { level: 'info', message: 'x', fields: [1] }],
    ['a metric without a name', '$/metric', { value: 1 }],
    ['a metric with an empty name', '$/metric', { ...metric, name: '' }],
    ['a metric with a name of 201 characters', '$/metric', { ...metric, name: 'x'.repeat(201) }],
    ['a metric whose value is a text', '$/metric', { ...metric, value: '1' }],
    ['a metric beyond all numbers', '$/metric', { ...metric, value: Number.POSITIVE_INFINITY }],
    ['a metric with a label that is a number', '$/metric', { ...metric, labels: { tier: 1 } }],
    ['a metric with 65 labels', '$/metric', { ...metric, labels: labels(65) }],
    ['a method outside $/', 'log', { level: 'info', message: 'x' }],
  ])('is a breach: %s', (_, method, params) => {
    expect(readServiceEvent(method, params)).toMatch(/^sent /);
  });

  it.each([
    ['a log of a level and a message', '$/log', { level: 'critical', message: '' }],
    ['a metric of a name and a value', '$/metric', metric],
    ['a metric with 64 labels', '$/metric', { ...metric, labels: labels(64) }],
  ])('is an event: %s', (_, method, params) => {
    expect(readServiceEvent(method, params)).toMatchObject({ kind: method.slice(2), ...params });
  });

  it('is ignored where it begins with $/ and is unknown', () => {
    expect(readServiceEvent('$/item', { id: 7, index: 0, item: 1 })).toBeUndefined();
  });

  it('never hands on half of a surrogate pair', () => {
    expect(readServiceEvent('$/log', { level: 'info', message: 'a\ud800' })).toMatchObject({
      message: 'a\ufffd',
    });
  });
});

function labels(count: number): Record<string, string> {
  return Object.fromEntries(Array.from({ length: count }, (_, nth) => [`label${nth}`, 'x']));
}
