import type { Random } from './random.ts';
import { hostilePiece, hostileValue } from './snippets.ts';

/** Scalars of a JSON text, keys among them. */
const scalars = /"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null/g;
const membersOf = /"(?:[^"\\]|\\.)*"\s*:\s*(?:"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*|true|false|null|\[\]|\{\})/g;

/** The text with one to three things changed; most of them leave JSON. None of its bytes is 0x0A, which would end the frame. */
export function mutate(text: Buffer, random: Random): Buffer {
  // Latin-1 keeps every byte a letter of its own.
  let changed = text.toString('latin1');
  const changes = random.pick([1, 1, 1, 2, 3]);
  for (let done = 0; done < changes; done++) changed = mutateOnce(changed, random);
  return asFrame(Buffer.from(changed, 'latin1'));
}

/** Without 0x0A, which is the same white space as 0x0D to JSON. */
export function asFrame(bytes: Uint8Array): Buffer {
  return Buffer.from(bytes.map((byte) => (byte === 0x0a ? 0x0d : byte)));
}

function mutateOnce(text: string, random: Random): string {
  const at = random.below(text.length + 1);
  switch (random.below(12)) {
    case 0: {
      const flipped = String.fromCharCode((text.charCodeAt(at) || 0) ^ (1 << random.below(8)));
      return text.slice(0, at) + flipped + text.slice(at + 1);
    }
    case 1:
      return text.slice(0, at) + text.slice(at + 1 + random.below(3));
    case 2:
      return text.slice(0, at) + text.slice(at + random.below(text.length));
    case 3:
    case 4:
      return text.slice(0, at) + hostilePiece(random) + text.slice(at);
    case 5:
      return random.chance(0.5) ? hostilePiece(random) + text : text + hostilePiece(random);
    case 6: {
      const length = random.below(12);
      return text.slice(0, at + length) + text.slice(at);
    }
    case 7:
      return twice(text, random);
    default:
      return replaceOne(text, scalars, random, () => hostileValue(random));
  }
}

/** A member of an object stands there twice, the first or the last perhaps with another value. */
function twice(text: string, random: Random): string {
  return replaceOne(text, membersOf, random, (member) => {
    const key = /^"(?:[^"\\]|\\.)*"/.exec(member)?.[0] ?? '"a"';
    const other = `${key}:${hostileValue(random)}`;
    return random.pick([
      `${other},${member}`,
      `${member},${other}`,
      `${member},${member}`,
      other,
      '"more":1',
    ]);
  });
}

function replaceOne(text: string, pattern: RegExp, random: Random, by: (found: string) => string): string {
  const found = [...text.matchAll(pattern)];
  if (found.length === 0) return hostileValue(random);
  const one = random.pick(found);
  return text.slice(0, one.index) + by(one[0]) + text.slice(one.index + one[0].length);
}
