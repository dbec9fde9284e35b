import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { echoFunctions } from './cases/generated-values.ts';
import { checksOf } from './differential/checks-of.ts';
import { compare, type Divergence, describeDivergence, oneOfEach, shrunk } from './differential/compare.ts';
import { type Conversation, converse } from './differential/conversation.ts';
import { createRandom } from './differential/random.ts';
import { type Subject, subjectOf } from './differential/subject.ts';
import { languages } from './languages.ts';
import { manifestOf } from './session.ts';

/** NSTACK_FUZZ_SEED and NSTACK_FUZZ_CASES choose another run than the usual one. */
const seed = Number(process.env.NSTACK_FUZZ_SEED ?? 20_261_012);
const cases = Number(process.env.NSTACK_FUZZ_CASES ?? 6_000);
const casesAtOnce = 500;
/** Divergences that are shrunk and shown. */
const mostShown = 20;

describe('every language and the hub say the same', () => {
  const conversations: Conversation[] = [];
  const subjects = new Map<string, Subject>();
  beforeAll(async () => {
    process.stdout.write(`NSTACK_FUZZ_SEED=${seed} NSTACK_FUZZ_CASES=${cases}\n`);
    for (const language of languages) {
      await language.prepare();
      const manifest = await manifestOf(language, 'values');
      for (const name of echoFunctions) subjects.set(name, subjectOf(manifest, name));
      conversations.push(converse(language));
    }
  });
  afterAll(async () => {
    for (const conversation of conversations) await conversation[Symbol.asyncDispose]();
  });

  test.each(echoFunctions.map((name, index) => ({ name, index })))(
    'of inputs and frames for $name that were changed at random',
    async ({ name, index }) => {
      const subject = subjects.get(name);
      if (subject === undefined) throw new Error(`no language has ${name}`);
      const random = createRandom(seed + index);
      const found: Divergence[] = [];
      for (let left = Math.ceil(cases / echoFunctions.length); left > 0; left -= casesAtOnce) {
        const checks = checksOf(subject, random, Math.min(left, casesAtOnce));
        found.push(...(await compare(conversations, checks)));
      }
      const shown: string[] = [];
      for (const one of oneOfEach(found).slice(0, mostShown))
        shown.push(describeDivergence(await shrunk(conversations, one)));
      expect(shown.join('\n\n'), `${found.length} frames are not answered alike`).toBe('');
    },
    60_000 + cases * 10,
  );
});
