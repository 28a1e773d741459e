/** Most columns and rows of a sheet (Excel specifications and limits). */
export const MAX_COLUMNS = 16_384;
export const MAX_ROWS = 1_048_576;

const LETTERS = 26;
const FIRST_LETTER = 'A'.charCodeAt(0);

/** The name of a column, counted from 0: `A` … `Z`, `AA` … `XFD`. */
export function columnName(index: number): string {
  let name = '';
  for (let rest = index; rest >= 0; rest = Math.floor(rest / LETTERS) - 1)
    name = String.fromCharCode(FIRST_LETTER + (rest % LETTERS)) + name;
  return name;
}
