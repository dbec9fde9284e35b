/** Reserved words and literals of Java 25: The Java Language Specification, 3.9 and 3.10. None of them can be a name. */
export const keywords: ReadonlySet<string> = new Set(
  (
    'abstract assert boolean break byte case catch char class const continue default do double else enum extends false final finally ' +
    'float for goto if implements import instanceof int interface long native new null package private protected public return short ' +
    'static strictfp super switch synchronized this throw throws transient true try void volatile while _'
  ).split(' '),
);

/** Words that begin a declaration, for those that are misspelt. */
export const beginnings: readonly string[] = [
  ...'public private protected static final abstract class record interface enum import package sealed void'.split(
    ' ',
  ),
  ...'int long short byte double float boolean char return while switch throw'.split(' '),
];
