/** Values of a template's words: a text, or a list of texts. */
export type TemplateValues = Readonly<Record<string, string | readonly string[]>>;

/**
 * Fills in a template. `{{word}}` is the text as it stands (one line), `{{json word}}` the text or the list's elements as JSON, joined by
 * commas, `{{json word,}}` each with a comma behind it. Between lines `{{?word}}` and `{{/word}}` the text stands where the value is not empty, between `{{*word}}` and `{{/word}}`
 * once for each element, which is `{{item}}` there. A word without a value is a defect of the template and throws.
 */
export function renderTemplate(template: string, values: TemplateValues): string {
  return renderLines(template.split('\n'), values).join('\n');
}

function renderLines(lines: readonly string[], values: TemplateValues): string[] {
  const rendered: string[] = [];
  for (let at = 0; at < lines.length; at++) {
    const line = lines[at] ?? '';
    const [, kind, word = ''] = /^\{\{([?*])(\w+)\}\}$/.exec(line) ?? [];
    if (kind === undefined) {
      rendered.push(renderLine(line, values));
      continue;
    }
    const end = lines.indexOf(`{{/${word}}}`, at);
    if (end < 0) throw new Error(`template: {{${kind}${word}}} is never closed`);
    const body = lines.slice(at + 1, end);
    const value = wordValue(word, values);
    if (kind === '?') {
      if (value.length > 0) rendered.push(...renderLines(body, values));
    } else {
      for (const item of value) rendered.push(...renderLines(body, { ...values, item }));
    }
    at = end;
  }
  return rendered;
}

function renderLine(line: string, values: TemplateValues): string {
  return line.replaceAll(
    /\{\{(json )?(\w+)(,)?\}\}/g,
    (_, json: string | undefined, word: string, comma = '') => {
      const value = wordValue(word, values);
      if (json !== undefined) {
        const parts = (typeof value === 'string' ? [value] : value).map((part) => JSON.stringify(part));
        return comma === '' ? parts.join(', ') : parts.map((part) => `${part}, `).join('');
      }
      if (typeof value !== 'string' || /[\r\n]/.test(value))
        throw new Error(`template: {{${word}}} is not one line of text`);
      return value;
    },
  );
}

function wordValue(word: string, values: TemplateValues): string | readonly string[] {
  const value = values[word];
  if (value === undefined) throw new Error(`template: {{${word}}} has no value`);
  return value;
}
