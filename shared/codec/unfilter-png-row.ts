/**
 * Undoes the filter of a row of a PNG. Source: PNG third edition, 9.2.
 *
 * @param line the kind of filter and the filtered bytes
 * @param to gets the row
 * @param above the row before; zeros for the first one
 * @param step bytes of a dot
 */
export function unfilterPngRow(line: Uint8Array, to: Uint8Array, above: Uint8Array, step: number): void {
  const filter = line[0] ?? 0;
  for (let x = 0; x < to.length; x++) {
    const raw = line[x + 1] ?? 0;
    const left = x < step ? 0 : (to[x - step] ?? 0);
    const up = above[x] ?? 0;
    to[x] = raw + prediction(filter, left, up, x < step ? 0 : (above[x - step] ?? 0));
  }
}

function prediction(filter: number, left: number, up: number, corner: number): number {
  switch (filter) {
    case 1:
      return left;
    case 2:
      return up;
    case 3:
      return (left + up) >> 1;
    case 4: {
      const guess = left + up - corner;
      const [a, b, c] = [Math.abs(guess - left), Math.abs(guess - up), Math.abs(guess - corner)];
      return a <= b && a <= c ? left : b <= c ? up : corner;
    }
    default:
      return 0;
  }
}
