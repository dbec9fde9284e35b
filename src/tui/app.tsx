import { Box, Text, useInput } from 'ink';
import { memo } from 'react';
import { keyNames } from './key-names.ts';
import type { Line, Span } from './lines.ts';

export interface AppProps {
  readonly lines: readonly Line[];
  readonly color: boolean;
  onKey(key: string): void;
}

/** Draws lines, and hears keys. */
export function App({ lines, color, onKey }: AppProps) {
  useInput((input, key) => {
    for (const name of keyNames(input, key)) onKey(name);
  });
  return (
    <Box flexDirection="column">
      {lines.map((line, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: a line of the screen is its place
        <LineText key={index} line={line} color={color} />
      ))}
    </Box>
  );
}

/** A line that has not changed is not rendered again. */
const LineText = memo(
  function LineText({ line, color }: { readonly line: Line; readonly color: boolean }) {
    return (
      <Text wrap="truncate">
        {line.length === 0
          ? ' '
          : line.map((span, index) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: a span is its place in the line
              <Text key={index} {...styleOf(span, color)}>
                {span.text}
              </Text>
            ))}
      </Text>
    );
  },
  (before, now) => before.color === now.color && isSame(before.line, now.line),
);

function styleOf({ color, bold = false, dim = false, inverse = false }: Span, colored: boolean) {
  return { bold, dimColor: dim, inverse, ...(colored && color !== undefined ? { color } : {}) };
}

function isSame(one: Line, other: Line): boolean {
  return (
    one.length === other.length &&
    one.every((span, index) => {
      const { text, color, bold, dim, inverse } = other[index] ?? span;
      return (
        span.text === text &&
        span.color === color &&
        span.bold === bold &&
        span.dim === dim &&
        span.inverse === inverse
      );
    })
  );
}
