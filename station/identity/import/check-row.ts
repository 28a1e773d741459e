import {
  type CellRepairs,
  normalizeCell,
  COLUMN_ROLES,
  countNumber,
  type ColumnRole,
  type CsvRow,
  headerText,
  isShortNumber,
  matchHeader,
  type LongNumberCounts,
} from '#shared/codec/csv/index.ts';
import { AT_LIMITS } from '#shared/domain/at-module.ts';
import { Fault } from '#shared/domain/fault.ts';
import { serialCandidates } from '#shared/domain/scan/index.ts';
import {
  DEVICE_NAME,
  DEVICE_NAME_LIMIT,
  formatChipId,
  type IdentityName,
  isBlankChipId,
  normalizeChipId,
  PRODUCT_ID,
} from '#shared/domain/triple.ts';
import { counted } from '#shared/words/index.ts';
import type { SecretDigest } from '../vault/secret-digest.ts';
import { type Columns, scoreHeader } from './columns.ts';
import { isDeviceSecret, isWord } from './is-device-secret.ts';

/** A triple of a file. Its secret is ASCII bytes, which are wiped when the next row is read. */
export interface ReadTriple extends IdentityName {
  readonly deviceSecret: Uint8Array;
  /** See `ReadTripleOptions.digest`. */
  readonly secretDigest: Uint8Array;
  /** MAC (upper case hex) and serial number of the unit that the file reserves the row for. */
  readonly boundMac: string | null;
  readonly boundSerial: string | null;
}

/** Counts over all good rows, for notes about the file. */
export interface RowCounts extends CellRepairs, LongNumberCounts {
  /** Rows that are reserved for a unit. */
  bound: number;
  /** Rows whose serial numbers count from 1: the column only numbers the rows. */
  countedRows: number;
  /** Rows whose ProductId or DeviceSecret is too long for a module with AT commands, and the line of the first. */
  tooLongForAt: number;
  tooLongLine: number;
  /** Indexes of unused columns without a name that are not empty. */
  readonly unnamed: Set<number>;
}

export interface RowContext {
  readonly columns: Columns;
  readonly header: readonly string[];
  readonly defaultProductId: string | null;
  readonly digest: SecretDigest;
  /** Names, secrets and units seen so far, and their lines. */
  readonly seen: {
    readonly names: Map<string, number>;
    readonly secrets: Map<string, number>;
    readonly macs: Map<string, number>;
    readonly serials: Map<string, number>;
  };
  readonly counts: RowCounts;
}

const SERIAL_LIMIT = 64;
const DIGITS_LOST =
  'is a number that a spreadsheet shortened (1.2E+16): its digits are lost, export it again as text';
const HEADER_AGAIN = 'the header stands here again';
/** Bytes of a digest that are compared; enough for millions of secrets. */
const SEEN_BYTES = 16;
/** Characters of 16 bytes in base64 without padding. Old modules have shorter secrets. */
const TYPICAL_SECRET_LENGTH = 22;
/** Base64 of 16 bytes and more, with padding. */
const PADDED_SECRET = /^[A-Za-z0-9+/]{22,}={1,2}$/;
const MAX_HEADER_CELL_BYTES = 80;
/** A row with this many column names is a header. */
const MIN_HEADER_COLUMNS = 2;
const ILLEGAL_IN_NAME = /[^A-Za-z0-9:_.@-]/u;

/**
 * The triple of a row, or the reason why the row is invalid. A reason contains no value of the row: columns may be swapped, and
 * then any of them may be the secret.
 */
export function checkRow({ cells, line, lastLine }: CsvRow, context: RowContext): ReadTriple | string {
  const { columns, header, defaultProductId, seen, counts } = context;
  const shape = checkShape(cells, line, lastLine, context);
  if (shape !== null) return shape;
  for (const [index, cell] of cells.entries())
    if (header[index] === '' && isFilled(cell)) counts.unnamed.add(index);
  // Before the cells are cleaned, because that overwrites them.
  if (isOtherHeader(cells, columns, line)) return HEADER_AGAIN;
  const textAt = (index: number | null): string => (index === null ? '' : textOf(cells[index], counts));

  const ownProductId = textAt(columns.product);
  const productId = ownProductId === '' ? (defaultProductId ?? '') : ownProductId;
  const deviceName = textAt(columns.deviceName);
  if (isHeaderAgain(header, columns, ownProductId, deviceName)) return HEADER_AGAIN;
  const nameProblem = checkDeviceName(deviceName);
  if (nameProblem !== null) return nameProblem;
  if (productId === '') return 'no ProductId';
  if (!PRODUCT_ID.test(productId)) return 'ProductId is malformed: 1 to 32 letters and digits are allowed';
  const sameName = before(seen.names, `${productId}/${deviceName}`, line);
  if (sameName !== null) return `duplicate of line ${sameName}`;

  const deviceSecret = normalizeCell(cells[columns.secret] ?? new Uint8Array(), counts);
  if (deviceSecret.length === 0) return 'no DeviceSecret';
  if (!isDeviceSecret(deviceSecret)) return 'DeviceSecret is neither base64 nor 32 hex digits';
  if (isSwapped([deviceName, productId], deviceSecret))
    return 'DeviceName or ProductId looks like a secret, and DeviceSecret is shorter than a secret: the columns may be exchanged';
  const secretDigest = context.digest(deviceSecret);
  const sameSecret = before(seen.secrets, secretDigest.toString('latin1', 0, SEEN_BYTES), line);
  if (sameSecret !== null) return `DeviceSecret is that of line ${sameSecret} under another name`;

  const unit = checkUnit(textAt(columns.mac), textAt(columns.serial), line, seen);
  if (typeof unit === 'string') return unit;
  const isSecret = (text: string | null): boolean =>
    text?.length === deviceSecret.length && context.digest(Buffer.from(text)).equals(secretDigest);
  if ([productId, deviceName, unit.boundMac, unit.boundSerial].some(isSecret))
    return 'DeviceSecret stands in another column of the row, too, in which it would be kept in clear';
  if (unit.boundMac !== null || unit.boundSerial !== null) counts.bound += 1;
  for (const value of [deviceName, unit.boundSerial, unit.boundMac])
    if (value !== null) countNumber(counts, line, value);
  if (unit.boundSerial === String(counts.countedRows + 1)) counts.countedRows += 1;
  if (productId.length > AT_LIMITS.productIdBytes || deviceSecret.length > AT_LIMITS.deviceSecretBytes) {
    counts.tooLongForAt += 1;
    if (counts.tooLongLine === 0) counts.tooLongLine = line;
  }
  return { productId, deviceName, deviceSecret, secretDigest, ...unit };
}

function checkShape(
  cells: readonly Uint8Array[],
  line: number,
  lastLine: number,
  { columns, header }: RowContext,
): string | null {
  const used = [columns.product, columns.deviceName, columns.secret, columns.mac, columns.serial];
  const last = Math.max(...used.map((index) => index ?? 0));
  const runsOn = lastLine > line ? `; a quote opens in it and closes in line ${lastLine}` : '';
  if (cells.some((cell) => cell.includes(0))) return 'NUL bytes stand in it: the file is damaged here';
  if (cells.length <= last)
    return `short row: ${cells.length} of ${counted(header.length, 'column')}${runsOn}`;
  if (cells.slice(header.length).some(isFilled))
    return `long row: ${counted(cells.length, 'cell')} under ${counted(header.length, 'column')}${runsOn}`;
  if (runsOn !== '' && used.some((index) => index !== null && cells[index]?.includes(0x0a) === true))
    return `a cell that is used runs over several lines${runsOn}`;
  return null;
}

function isFilled(cell: Uint8Array): boolean {
  return cell.some((byte) => byte > 0x20);
}

function textOf(cell: Uint8Array | undefined, counts: RowCounts): string {
  return cell === undefined || cell.length === 0
    ? ''
    : Buffer.from(normalizeCell(cell, counts)).toString('utf8');
}

/** True for the header of a second export in the same file. `DeviceSecret` is valid base64: no other check finds it. */
function isHeaderAgain(
  header: readonly string[],
  { product, deviceName }: Columns,
  productId: string,
  name: string,
): boolean {
  return name !== '' && name === header[deviceName] && (product === null || productId === header[product]);
}

/**
 * True for a second header with the same columns under other names. A row with a possible secret is no header.
 * Faults: `csv-invalid` for a header with another order of columns: secrets of the rows below would be stored as names.
 */
function isOtherHeader(cells: readonly Uint8Array[], columns: Columns, line: number): boolean {
  const cell = cells[columns.secret] ?? new Uint8Array();
  if (cell.length > MAX_HEADER_CELL_BYTES || (isDeviceSecret(cell) && !isWord(cell))) return false;
  const texts = cells.map(headerText);
  if (scoreHeader(texts, {}) < MIN_HEADER_COLUMNS) return false;
  const roleAt = (index: number | null): ColumnRole | undefined =>
    matchHeader(texts[index ?? -1] ?? '')?.role;
  const isMoved = (role: ColumnRole, index: number | null): boolean =>
    index !== null && roleAt(index) !== role && texts.some((text) => matchHeader(text)?.role === role);
  const { product, deviceName, secret, mac, serial } = columns;
  const indexes = { product, dn: deviceName, secret, mac, serial };
  if (!COLUMN_ROLES.some((role) => isMoved(role, indexes[role]))) return true;
  throw new Fault('csv-invalid', `line ${line} is another header, with its columns in another order`, {
    hint: 'Make a file of each part. Nothing was read.',
    details: { line },
  });
}

/** True when a name may be the secret, and the secret is shorter than usual. */
function isSwapped(names: readonly string[], deviceSecret: Uint8Array): boolean {
  if (deviceSecret.length >= TYPICAL_SECRET_LENGTH) return false;
  return names.some((name) => name.length >= TYPICAL_SECRET_LENGTH && isDeviceSecret(Buffer.from(name)));
}

/** The line that had the key before; null when it is new, and then it is added. */
function before(seen: Map<string, number>, key: string, line: number): number | null {
  const earlierLine = seen.get(key);
  if (earlierLine !== undefined) return earlierLine;
  seen.set(key, line);
  return null;
}

function checkDeviceName(deviceName: string): string | null {
  if (deviceName === '') return 'no DeviceName';
  if (isShortNumber(deviceName)) return `DeviceName ${DIGITS_LOST}`;
  if (DEVICE_NAME.test(deviceName)) return null;
  const illegal = ILLEGAL_IN_NAME.exec(deviceName)?.[0];
  if (deviceName === '.' || deviceName === '..') return 'DeviceName has an illegal character: "."';
  if (illegal === undefined)
    return `DeviceName has ${counted(deviceName.length, 'character')}, the limit is ${DEVICE_NAME_LIMIT}`;
  return `DeviceName has an illegal character: ${nameOf(illegal)}`;
}

function checkUnit(
  mac: string,
  writtenSerial: string,
  line: number,
  { macs, serials }: RowContext['seen'],
): Pick<ReadTriple, 'boundMac' | 'boundSerial'> | string {
  if (isShortNumber(mac)) return `MAC ${DIGITS_LOST}`;
  const boundMac = mac === '' ? null : normalizeChipId(mac.normalize('NFKC'));
  if (mac !== '' && (boundMac === null || boundMac.length < 12))
    return 'MAC is malformed: 12 hex digits are expected, or the 12 to 32 of a chip id';
  if (boundMac !== null && isBlankChipId(boundMac))
    return 'MAC is blank: all zeros or all ones are of no unit';
  // In the form of a scanned serial number, so that both are equal.
  const serial = serialCandidates(writtenSerial)[0] ?? '';
  if (serial === '' && writtenSerial !== '')
    return 'serial number is the text of a label that has no serial number';
  if (PADDED_SECRET.test(serial)) return 'serial number looks like a secret: the columns may be exchanged';
  if (isShortNumber(serial)) return `serial number ${DIGITS_LOST}`;
  const illegal = /[\p{C}\p{Z}\uFFFD]/u.exec(serial)?.[0];
  if (illegal !== undefined) return `serial number has an illegal character: ${nameOf(illegal)}`;
  if (serial.length > SERIAL_LIMIT)
    return `serial number has ${serial.length} characters, the limit is ${SERIAL_LIMIT}`;
  const sameMac = boundMac === null ? null : before(macs, boundMac, line);
  if (boundMac !== null && sameMac !== null)
    return `MAC is that of line ${sameMac}: two rows for one unit (${formatChipId(boundMac)})`;
  const sameSerial = serial === '' ? null : before(serials, serial, line);
  if (sameSerial !== null) return `serial number is that of line ${sameSerial}: two rows for one unit`;
  return { boundMac, boundSerial: serial === '' ? null : serial };
}

function nameOf(character: string): string {
  if (character === ' ') return 'a blank';
  if (!/[\p{C}\p{Z}\uFFFD]/u.test(character)) return `"${character}"`;
  return `U+${(character.codePointAt(0) ?? 0).toString(16).toUpperCase().padStart(4, '0')}`;
}
