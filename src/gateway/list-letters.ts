import type { DeadLetterDesk } from '../supervisor/supervisor.ts';
import type { DeadLetterInfo } from '../workflow/index.ts';

/** Dead letters that are read from the disk at once, and the characters of an answer that end it early. */
const lettersAtOnce = 10;
const longestList = 4 * 1024 * 1024;

/** At most `most` letters, and fewer where they are long: the client asks for more after the last, until there are none. */
export async function listLetters(
  desk: DeadLetterDesk,
  name: string,
  after: number,
  most: number,
): Promise<readonly DeadLetterInfo[]> {
  const letters: DeadLetterInfo[] = [];
  let length = 0;
  while (letters.length < most && length < longestList) {
    const page = await desk.list(name, {
      after: letters.at(-1)?.id ?? after,
      most: Math.min(lettersAtOnce, most - letters.length),
    });
    letters.push(...page);
    for (const letter of page) length += JSON.stringify(letter.message).length;
    if (page.length < lettersAtOnce) break;
  }
  return letters;
}
