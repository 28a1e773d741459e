import { DEVICE_NAME, type IdentityName, PRODUCT_ID } from '#shared/domain/triple.ts';
import { counted } from '#shared/words/index.ts';
import type { Columns } from './columns.ts';
import type { HiddenRuns } from './hidden-runs.ts';
import { isDeviceSecret } from './is-device-secret.ts';

const DEVICE_NAME_LIMIT = 48;

/** A triple as a file has it; its secret is bytes (ASCII) that are wiped when the next row is asked for. */
export interface ReadTriple extends IdentityName {
  readonly deviceSecret: Uint8Array;
}

export interface RowContext {
  readonly columns: Columns;
  readonly headerLength: number;
  readonly defaultProductId: string | null;
  /** Names seen so far and their lines. */
  readonly seen: Map<string, number>;
  /** What opens the cells. */
  readonly runs: HiddenRuns;
}

/**
 * One row as a triple, or why it is none, in plain words. No value of the row is repeated in a reason: columns may
 * be swapped, and then any of them is the secret.
 */
export function checkRow(cells: readonly string[], line: number, context: RowContext): ReadTriple | string {
  const { columns, headerLength, defaultProductId, seen, runs } = context;
  const last = Math.max(columns.product ?? 0, columns.deviceName, columns.secret);
  if (cells.length <= last) return `short row: ${cells.length} of ${counted(headerLength, 'column')}`;
  if (cells.slice(headerLength).some((cell) => cell !== '')) {
    return `long row: ${counted(cells.length, 'cell')} under ${counted(headerLength, 'column')}`;
  }
  const ownProductId = columns.product === null ? '' : runs.open(cells[columns.product] ?? '');
  const productId = ownProductId === '' ? (defaultProductId ?? '') : ownProductId;
  const deviceName = runs.open(cells[columns.deviceName] ?? '');

  const nameProblem = checkDeviceName(deviceName);
  if (nameProblem !== null) return nameProblem;
  if (productId === '') return 'no ProductId';
  if (!PRODUCT_ID.test(productId)) return 'ProductId is malformed: 1 to 32 letters and digits are allowed';
  const name = `${productId}/${deviceName}`;
  const before = seen.get(name);
  if (before !== undefined) return `duplicate of line ${before}`;
  seen.set(name, line);
  const cell = cells[columns.secret] ?? '';
  if (cell === '') return 'no DeviceSecret';
  const deviceSecret = runs.bytesOf(cell);
  // What is not one run holds something that no secret has.
  if (deviceSecret === null || !isDeviceSecret(deviceSecret))
    return 'DeviceSecret is neither base64 nor 32 hex digits';
  return { productId, deviceName, deviceSecret };
}

function checkDeviceName(deviceName: string): string | null {
  if (deviceName === '') return 'no DeviceName';
  if (DEVICE_NAME.test(deviceName)) return null;
  const illegal = /[^A-Za-z0-9:_-]/u.exec(deviceName)?.[0];
  if (illegal === undefined)
    return `DeviceName has ${counted(deviceName.length, 'character')}, the limit is ${DEVICE_NAME_LIMIT}`;
  return `DeviceName has an illegal character: ${nameOf(illegal)}`;
}

function nameOf(character: string): string {
  if (character === ' ') return 'a blank';
  if (!/[\p{C}\p{Z}]/u.test(character)) return `"${character}"`;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
