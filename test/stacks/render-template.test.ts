import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { renderTemplate } from '../../src/stacks/render-template.ts';
import { anyLetter } from '../support/any-letter.ts';

describe('a rendered template', () => {
  it('holds a word as it stands and as JSON', () => {
    const rendered = renderTemplate('FROM {{base}}\nRUN ["sh", {{json names}}]', {
      base: 'nstack/base:trixie',
      names: ['a', 'b "c"'],
    });
    expect(rendered).toBe('FROM nstack/base:trixie\nRUN ["sh", "a", "b \\"c\\""]');
  });

  it('leaves out what stands between the marks of an empty value', () => {
    const template = 'a\n{{?names}}\nb {{json names}}\n{{/names}}\nc';
    expect(renderTemplate(template, { names: [] })).toBe('a\nc');
    expect(renderTemplate(template, { names: ['x'] })).toBe('a\nb "x"\nc');
  });

  it('repeats what stands between the marks of a list for each of its elements', () => {
    expect(renderTemplate('{{*commands}}\nRUN {{json item}}\n{{/commands}}', { commands: ['a', 'b'] })).toBe(
      'RUN "a"\nRUN "b"',
    );
  });

  it('keeps any text of a user on one line of JSON that reads back as that text', () => {
    fc.assert(
      fc.property(fc.string({ unit: anyLetter }), (text) => {
        const rendered = renderTemplate('RUN [{{json text}}]', { text });
        expect(rendered).not.toContain('\n');
        expect(JSON.parse(rendered.slice('RUN '.length))).toEqual([text]);
      }),
    );
  });

  it('does not fill in words that a value brings along', () => {
    expect(renderTemplate('{{json text}} {{base}}', { text: '{{base}}', base: 'b' })).toBe('"{{base}}" b');
  });

  it('refuses a value of several lines where no quoting protects the lines after it', () => {
    expect(() => renderTemplate('FROM {{base}}', { base: 'a\nRUN evil' })).toThrow('one line');
  });

  it.each(['{{unknown}}', '{{?unknown}}\n{{/unknown}}', '{{?base}}\nnever closed'])(
    'refuses a template with a fault: %j',
    (template) => {
      expect(() => renderTemplate(template, { base: 'b' })).toThrow('template');
    },
  );
});
