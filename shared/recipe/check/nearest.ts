import { type CodedText, NO_TEXT } from '../../words/index.ts';
import { explainText } from '../texts/explain-texts.ts';

/** The known word nearest to a misspelled one; `null` when none is near. Ignores case, `-`, `_` and the plural of `-y`. */
export function nearest(word: string, known: Iterable<string>): string | null {
  const wanted = plain(word);
  const maxDistance = Math.min(3, Math.max(1, Math.floor(wanted.length / 3)));
  let best: string | null = null;
  let minDistance = maxDistance + 1;
  for (const one of known) {
    const begins = wanted.length > 2 && plain(one) !== wanted && plain(one).startsWith(wanted);
    const away = begins ? maxDistance : distance(wanted, plain(one), minDistance + 1);
    const alike =
      best !== null &&
      away === minDistance &&
      commonPrefix(wanted, plain(one)) > commonPrefix(wanted, plain(best));
    if (away < minDistance || alike) [best, minDistance] = [one, away];
  }
  return best;
}

/** `; did you mean x?`, or nothing. */
export function didYouMean(word: string, known: Iterable<string>): CodedText {
  const near = nearest(word, known);
  return near === null ? NO_TEXT : explainText('did-you-mean', near);
}

function plain(word: string): string {
  return word.toLowerCase().replaceAll(/[-_ ]/g, '').replace(/ies$/, 'y');
}

/** Length of the common beginning. */
function commonPrefix(a: string, b: string): number {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return length;
}

/** Optimal string alignment distance; counts up to `maxDistance`. */
function distance(a: string, b: string, maxDistance: number): number {
  if (Math.abs(a.length - b.length) >= maxDistance) return maxDistance;
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, j) => j);
  for (let i = 1; i <= a.length; i++) {
    const row = [i];
    for (let j = 1; j <= b.length; j++) {
      const same = a[i - 1] === b[j - 1] ? 0 : 1;
      let cost = Math.min((last[j] ?? 0) + 1, (row[j - 1] ?? 0) + 1, (last[j - 1] ?? 0) + same);
      if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
        cost = Math.min(cost, (before[j - 2] ?? 0) + 1);
      row.push(cost);
    }
    before = last;
    last = row;
  }
  return last[b.length] ?? 0;
}
