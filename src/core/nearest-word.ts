/**
 * The candidate that the user most likely meant by `word`, or undefined where none is near. Near means: equal but for case, or
 * at most a third of the letters (and at least one, where the word has three) inserted, left out, changed or swapped with a neighbour.
 * Of equally near candidates the first wins.
 */
export function nearestWord(word: string, candidates: Iterable<string>): string | undefined {
  if (word.length > longestWord) return undefined;
  const lowered = word.toLowerCase();
  let nearest: string | undefined;
  let shortest = Number.POSITIVE_INFINITY;
  for (const candidate of candidates) {
    if (candidate.length > longestWord) continue;
    const distance = editDistance(lowered, candidate.toLowerCase());
    if (distance < shortest && distance <= Math.floor(Math.max(word.length, candidate.length) / 3)) {
      nearest = candidate;
      shortest = distance;
    }
  }
  return nearest;
}

/** Beyond this a hint would not help, and the distance costs the product of both lengths. */
const longestWord = 100;

/** Optimal string alignment: the Levenshtein distance in which swapping two neighbours counts once. Three rows of its table at a time. */
function editDistance(a: string, b: string): number {
  let twoAbove: number[] = [];
  let above = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const change = cell(above, j - 1) + (a[i - 1] === b[j - 1] ? 0 : 1);
      let best = Math.min(cell(above, j) + 1, cell(row, j - 1) + 1, change);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1]) {
        best = Math.min(best, cell(twoAbove, j - 2) + 1);
      }
      row.push(best);
    }
    twoAbove = above;
    above = row;
  }
  return cell(above, b.length);
}

function cell(row: readonly number[], index: number): number {
  return row[index] ?? Number.POSITIVE_INFINITY;
}
