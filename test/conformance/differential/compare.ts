import { isUtf8 } from 'node:buffer';
import { type Check, checkOfFrame, checkOfItems, type Said } from './check.ts';
import type { Conversation } from './conversation.ts';
import { shrink } from './shrink.ts';
import { readVerdict, type Verdict } from './verdict.ts';
import { isWellFormed } from './well-formed.ts';

/** A frame that some language answers as it should not. */
export interface Divergence {
  readonly check: Check;
  readonly said: readonly Said[];
  /** By language; undefined where one is right. */
  readonly faults: readonly (string | undefined)[];
  /** The same for frames that show the same defect, as far as one can tell. */
  readonly signature: string;
}

const framesAtOnce = 200;

/** Asks every language the frames of the checks; what any of them says wrong. */
export async function compare(
  conversations: readonly Conversation[],
  checks: readonly Check[],
): Promise<readonly Divergence[]> {
  const found: Divergence[] = [];
  for (let start = 0; start < checks.length; start += framesAtOnce) {
    const some = checks.slice(start, start + framesAtOnce);
    const frames = some.map(({ frame }) => frame);
    const answers = await Promise.all(conversations.map((conversation) => conversation.ask(frames)));
    for (const [index, check] of some.entries()) {
      const said = conversations.map(({ language }, place) => ({
        language,
        verdict: readVerdict(answers[place]?.[index] ?? []),
      }));
      const divergence = judge(check, said);
      if (divergence !== undefined) found.push(divergence);
    }
  }
  return found;
}

function judge(check: Check, said: readonly Said[]): Divergence | undefined {
  const [first] = said;
  const faults = said.map((one) => (first === undefined ? undefined : check.fault(one, first)));
  if (faults.every((fault) => fault === undefined)) return undefined;
  const { subject, way, hub, parts } = check;
  const several = parts.length > 1;
  const brief = said.map(({ verdict }, index) => {
    const fault = faults[index]?.replace(/^\$.*/s, 'another value') ?? '';
    return `${several ? verdict.kind : summary(verdict)} ${fault}`;
  });
  const signature = [subject.name, way, several ? 'several' : hub, ...brief].join('; ');
  return { check, said, faults, signature };
}

function summary(verdict: Verdict): string {
  switch (verdict.kind) {
    case 'refused':
      return `refused ${verdict.id} ${verdict.code}`;
    case 'block':
      return `block ${verdict.messages.map((message) => ('code' in message ? message.code : 'value')).join()}`;
    default:
      return verdict.kind;
  }
}

/** The first of each kind; of what only several messages together show, only where none shows it alone. */
export function oneOfEach(divergences: readonly Divergence[]): readonly Divergence[] {
  const kinds = [
    ...new Map([...divergences].reverse().map((one) => [one.signature, one])).values(),
  ].reverse();
  const alone = kinds.filter(({ check }) => check.parts.length === 1);
  return alone.length > 0 ? alone : kinds;
}

/** The same with as little as shows it. */
export async function shrunk(
  conversations: readonly Conversation[],
  divergence: Divergence,
): Promise<Divergence> {
  let smallest = divergence;
  const { subject, way, parts } = divergence.check;
  const shows = async (check: Check) => {
    const [again] = await compare(conversations, [check]);
    if (again?.signature !== divergence.signature) return false;
    smallest = again;
    return true;
  };
  if (parts.length > 1 && way !== 'frame') {
    await shrink(
      parts,
      async (fewer) => fewer.length > 1 && (await shows(checkOfItems(subject, way, fewer))),
      300,
    );
    return smallest;
  }
  await shrink([...(parts[0] ?? [])], async (fewer) => {
    const bytes = Buffer.from(fewer);
    if (way === 'frame') return await shows(checkOfFrame(subject, bytes));
    return isWellFormed(bytes) && (await shows(checkOfItems(subject, way, [bytes])));
  });
  return smallest;
}

/** For people: what was sent, and what each language said to it. */
export function describeDivergence({ check, said, faults }: Divergence): string {
  const lines = said.map(
    ({ language, verdict }, index) =>
      `  ${language} (${faults[index] ?? 'right'}): ${JSON.stringify(verdict).slice(0, 600)}`,
  );
  const sent = check.parts.map((part) => `  ${check.way}: ${shown(part)}`);
  return [`${check.subject.name} (the hub: ${check.hub})`, ...sent, ...lines].join('\n');
}

function shown(bytes: Buffer): string {
  const text = isUtf8(bytes) ? bytes.toString('utf8') : `${bytes.toString('latin1')} (Latin-1)`;
  return text.length > 1_500 ? `${text.slice(0, 1_500)}... (${bytes.length} bytes)` : text;
}
