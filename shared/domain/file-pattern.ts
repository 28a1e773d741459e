/**
 * Patterns of file names below a folder: parts with `/` between them; `*` stands for any characters of one part, `?` for one.
 */

/** False for a pattern that leads out of the folder, or has an empty part. */
export function isFilePattern(pattern: string): boolean {
  const parts = pattern.split('/');
  return !/[\\:\p{C}]/u.test(pattern) && parts.every((part) => part !== '' && part !== '.' && part !== '..');
}

/** Whether a path, with `/` between its parts, matches. Takes linear time for each `*`. */
export function matchesFilePattern(pattern: string, path: string): boolean {
  const [wanted, given] = [pattern.split('/'), path.split('/')];
  return (
    wanted.length === given.length && wanted.every((part, index) => matchesPart(part, given[index] ?? ''))
  );
}

function matchesPart(pattern: string, name: string): boolean {
  let [at, star, resume] = [0, -1, 0];
  let index = 0;
  while (index < name.length) {
    if (pattern[at] === '*') [star, resume, at] = [at, index, at + 1];
    else if (at < pattern.length && (pattern[at] === '?' || pattern[at] === name[index])) {
      at += 1;
      index += 1;
    } else if (star === -1) return false;
    // The last star takes one character more.
    else [resume, index, at] = [resume + 1, resume + 1, star + 1];
  }
  while (pattern[at] === '*') at += 1;
  return at === pattern.length;
}
