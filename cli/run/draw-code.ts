import type { CodePicture } from '#shared/contract/index.ts';

/** Two modules above each other, as one character: upper, then lower, each 0 (light) or 1 (dark). */
const BLOCKS: Readonly<Record<string, string>> = {
  '00': ' ',
  '10': '\u2580',
  '01': '\u2584',
  '11': '\u2588',
};

/** A code as lines of half blocks, dark where a character has ink, with its quiet zone. */
export function drawCode({ quietModules, rows }: CodePicture): string[] {
  const width = (rows[0]?.length ?? 0) + 2 * quietModules;
  const side = '0'.repeat(quietModules);
  const quiet = Array.from({ length: quietModules }, () => '0'.repeat(width));
  const all = [...quiet, ...rows.map((row) => side + row + side), ...quiet];
  const lines: string[] = [];
  for (let at = 0; at < all.length; at += 2) {
    const [upper = '', lower = '0'.repeat(width)] = all.slice(at, at + 2);
    lines.push(
      [...upper].map((module, column) => BLOCKS[`${module}${lower.charAt(column)}`] ?? ' ').join(''),
    );
  }
  return lines;
}
