import { INK, type Sheet } from './kit/sheet.ts';

const SIZE = 9.5;
const LINE = SIZE * 1.4;
const LABEL_SHARE = 0.26;
const MAX_LINES = 6;

/** A list of names and values, one under the other. Moves the cursor. Yields after each. */
export function* drawFacts(
  sheet: Sheet,
  facts: readonly (readonly [name: string, value: string])[],
  { width = sheet.width, maxLines = MAX_LINES }: { readonly width?: number; readonly maxLines?: number } = {},
): Generator<void> {
  const labelWidth = sheet.width * LABEL_SHARE;
  const valueWidth = width - labelWidth - 8;
  for (const [name, value] of facts) {
    const names = sheet.breakText(name, labelWidth, SIZE, 2);
    const values = sheet.breakText(value, valueWidth, SIZE, maxLines);
    const height = Math.max(names.length, values.length) * LINE + 3;
    sheet.ensure(height);
    sheet.lines(names, sheet.left, sheet.y, { size: SIZE, color: INK.muted });
    sheet.lines(values, sheet.left + labelWidth + 8, sheet.y, { size: SIZE });
    sheet.y += height;
    yield;
  }
}
