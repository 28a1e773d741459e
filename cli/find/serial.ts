import { unitNames } from '#shared/domain/scan/index.ts';
import type { ReadableDatabase } from '#station';

/** The serial number that a person or a scanner means (see `unitNames`): the first reading with a run, else the text itself. */
export function findSerial({ runs }: ReadableDatabase, text: string): string {
  return unitNames(text).find((name) => runs.listOfSerialNumber(name).length > 0) ?? text.trim();
}
