import { DEVICE_NAME, DEVICE_SECRET, PRODUCT_ID, type Triple } from '#shared/domain/triple.ts';
import type { Columns } from './columns.ts';

const DEVICE_NAME_LIMIT = 48;

export interface RowContext {
  readonly columns: Columns;
  readonly headerLength: number;
  readonly defaultProductId: string | null;
  /** Names seen so far and their lines. */
  readonly seen: Map<string, number>;
}

/**
 * One row as a triple, or why it is none, in plain words. No value of the row is repeated in a reason: columns may
 * be swapped, and then any of them is the secret.
 */
export function checkRow(cells: readonly string[], line: number, context: RowContext): Triple | string {
  const { columns, headerLength, defaultProductId, seen } = context;
  const last = Math.max(columns.product ?? 0, columns.deviceName, columns.secret);
  if (cells.length <= last) return `short row: ${cells.length} of ${headerLength} columns`;
  if (cells.slice(headerLength).some((cell) => cell !== '')) {
    return `long row: ${cells.length} cells under ${headerLength} columns`;
  }
  const ownProductId = columns.product === null ? '' : (cells[columns.product] ?? '');
  const productId = ownProductId === '' ? (defaultProductId ?? '') : ownProductId;
  const deviceName = cells[columns.deviceName] ?? '';
  const deviceSecret = cells[columns.secret] ?? '';

  const nameProblem = checkDeviceName(deviceName);
  if (nameProblem !== null) return nameProblem;
  if (productId === '') return 'no ProductId';
  if (!PRODUCT_ID.test(productId)) return 'ProductId is malformed: 1 to 32 letters and digits are allowed';
  const name = `${productId}/${deviceName}`;
  const before = seen.get(name);
  if (before !== undefined) return `duplicate of line ${before}`;
  seen.set(name, line);
  if (deviceSecret === '') return 'no DeviceSecret';
  if (!DEVICE_SECRET.test(deviceSecret)) return 'DeviceSecret is neither base64 nor 32 hex digits';
  return { productId, deviceName, deviceSecret };
}

function checkDeviceName(deviceName: string): string | null {
  if (deviceName === '') return 'no DeviceName';
  if (DEVICE_NAME.test(deviceName)) return null;
  const illegal = /[^A-Za-z0-9:_-]/u.exec(deviceName)?.[0];
  if (illegal === undefined)
    return `DeviceName has ${deviceName.length} characters, the limit is ${DEVICE_NAME_LIMIT}`;
  return `DeviceName has an illegal character: ${nameOf(illegal)}`;
}

function nameOf(character: string): string {
  if (character === ' ') return 'a blank';
  if (!/[\p{C}\p{Z}]/u.test(character)) return `"${character}"`;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
