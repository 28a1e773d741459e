import { counted } from '#shared/words/index.ts';
import {
  COLUMN_ROLES,
  type ColumnRole,
  HIDDEN_CELL,
  matchHeader,
  normalizeHeader,
} from '#shared/codec/csv/index.ts';
import { Fault } from '#shared/domain/fault.ts';

/** Columns that a person chose, by name or by number (`#2`: the second, `#0`: none). They replace the recognised ones. */
export type ColumnMap = { readonly [role in ColumnRole]?: string | undefined };

/** Indexes of a triple's columns. `product` is null when one ProductId is given for all rows. */
export interface Columns {
  readonly product: number | null;
  readonly deviceName: number;
  readonly secret: number;
  /** Columns of the unit that a row is reserved for. */
  readonly mac: number | null;
  readonly serial: number | null;
}

const TITLES = {
  product: 'ProductId',
  dn: 'DeviceName',
  secret: 'DeviceSecret',
  mac: 'MAC',
  serial: 'serial number',
} as const;
const BINDING: readonly ColumnRole[] = ['mac', 'serial'];
const COLUMN_NUMBER = /^#(\d{1,4})$/;

/**
 * Finds the columns of a triple in a header. Faults: `csv-invalid` when one is missing or ambiguous.
 *
 * @param bind whether columns of MACs and serial numbers are searched
 */
export function findColumns(
  header: readonly string[],
  map: ColumnMap,
  { hasDefaultProduct, bind }: { readonly hasDefaultProduct: boolean; readonly bind: boolean },
): Columns {
  const indexes: Record<ColumnRole, number> = { product: -1, dn: -1, secret: -1, mac: -1, serial: -1 };
  const roles = COLUMN_ROLES.filter((role) => bind || !BINDING.includes(role));
  for (const role of roles) {
    const chosen = map[role];
    if (chosen !== undefined) indexes[role] = chosenColumn(header, role, chosen);
  }
  const taken = new Set(Object.values(indexes));
  for (const role of roles)
    if (map[role] === undefined) indexes[role] = recognizedColumn(header, role, taken);
  const missing = (['product', 'dn', 'secret'] as const).filter(
    (role) => indexes[role] < 0 && !(role === 'product' && hasDefaultProduct),
  );
  if (missing.length > 0) throw missingColumns(header, missing);
  const used = Object.values(indexes).filter((index) => index >= 0);
  if (new Set(used).size < used.length) {
    throw new Fault('csv-invalid', 'two parts of the triple are mapped to the same column', {
      hint: 'Give each of dn, secret, product, mac and serial a column of its own.',
    });
  }
  const orNull = (index: number): number | null => (index < 0 ? null : index);
  return {
    product: orNull(indexes.product),
    deviceName: indexes.dn,
    secret: indexes.secret,
    mac: orNull(indexes.mac),
    serial: orNull(indexes.serial),
  };
}

/** The columns that are recognised without doubt; null for the others, which a person chooses. */
export function recognizedColumns(header: readonly string[]): Readonly<Record<ColumnRole, number | null>> {
  const indexOf = (role: ColumnRole): number | null => {
    const [best = null, second] = bestColumns(header, role, new Set());
    return second === undefined ? best : null;
  };
  return {
    product: indexOf('product'),
    dn: indexOf('dn'),
    secret: indexOf('secret'),
    mac: indexOf('mac'),
    serial: indexOf('serial'),
  };
}

/**
 * How likely a row is the header: 100 when it has the columns that the map names, else the number of recognised columns
 * when there are two or more, one of them of a name or secret; 0 for other rows. See `HeaderScorer`.
 */
export function scoreHeader(cells: readonly string[], map: ColumnMap): number {
  const named = Object.values(map).flatMap((chosen) =>
    chosen === undefined || COLUMN_NUMBER.test(chosen) ? [] : [chosen],
  );
  const names = cells.map(normalizeHeader);
  if (named.length > 0 && named.every((chosen) => names.includes(normalizeHeader(chosen)))) return 100;
  const roles = new Set(cells.map((cell) => matchHeader(cell)?.role));
  roles.delete(undefined);
  return roles.size >= 2 && (roles.has('dn') || roles.has('secret')) ? roles.size : 0;
}

/** Parses `dn=设备名,secret=#3,product=产品`, the form of `--map`. Faults: `bad-input`. */
export function parseColumnMap(text: string): ColumnMap {
  const map: { [role in ColumnRole]?: string } = {};
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [key = '', ...rest] = part.split('=');
    const role = COLUMN_ROLES.find((one) => one === key.trim());
    const column = rest.join('=').trim();
    if (role === undefined || column === '' || map[role] !== undefined) {
      throw new Fault('bad-input', `the column map cannot be read at "${part.trim()}"`, {
        hint: 'Write dn=<column>,secret=<column>,product=<column>,mac=<column>,serial=<column>, each at most once; <column> is a name, or #2 for the second.',
      });
    }
    map[role] = column;
  }
  return map;
}

/** Header cells for display. In a file without a header the first row is data and contains a secret, which is hidden. */
export function showHeader(header: readonly string[]): string[] {
  return header.map((cell) => (looksLikeData(cell) ? HIDDEN_CELL : cell.slice(0, 40)));
}

function chosenColumn(header: readonly string[], role: ColumnRole, chosen: string): number {
  const byNumber = COLUMN_NUMBER.exec(chosen);
  if (byNumber !== null) {
    const index = Number(byNumber[1]) - 1;
    if (index < header.length) return index;
    throw new Fault(
      'csv-invalid',
      `the file has no column ${chosen}; it has ${counted(header.length, 'column')}`,
      {
        hint: `Correct the map: ${role}=#1 to #${header.length}.`,
        details: { role },
      },
    );
  }
  const wanted = normalizeHeader(chosen);
  const matches = header.flatMap((cell, index) => (normalizeHeader(cell) === wanted ? [index] : []));
  const [index, second] = matches;
  if (second !== undefined) throw ambiguous(header, role, matches);
  if (index !== undefined) return index;
  throw new Fault('csv-invalid', `the file has no column "${chosen}"; it has: ${listOf(header)}`, {
    hint: `Correct the map: ${role}=<column>, a name or #2 for the second column.`,
    details: { role },
  });
}

/** The column whose name matches best; -1 when none matches. Faults: `csv-invalid`. */
function recognizedColumn(header: readonly string[], role: ColumnRole, taken: ReadonlySet<number>): number {
  const best = bestColumns(header, role, taken);
  if (best.length > 1) throw ambiguous(header, role, best);
  return best[0] ?? -1;
}

function bestColumns(header: readonly string[], role: ColumnRole, taken: ReadonlySet<number>): number[] {
  const matches = header.flatMap((cell, index) => {
    const match = taken.has(index) ? null : matchHeader(cell);
    return match?.role === role ? [{ index, strength: match.strength }] : [];
  });
  const maxStrength = Math.max(0, ...matches.map(({ strength }) => strength));
  return matches.filter(({ strength }) => strength === maxStrength).map(({ index }) => index);
}

function ambiguous(header: readonly string[], role: ColumnRole, found: readonly number[]): Fault {
  const titles = found.map((index) => header[index] ?? '');
  const isOneName = new Set(titles).size < titles.length;
  const names = found.map(
    (index, order) => `"${titles[order] ?? ''}"${isOneName ? ` (column ${index + 1})` : ''}`,
  );
  const out = BINDING.includes(role) ? '; or leave units out of it: --no-bind' : '';
  return new Fault('csv-invalid', `${names.join(' and ')} could both be the ${TITLES[role]}`, {
    hint: `Choose one: --map ${role}=#${(found[0] ?? 0) + 1}${out}`,
    details: { role, ambiguous: found.map((index) => index + 1).join(', ') },
  });
}

function missingColumns(header: readonly string[], missing: readonly ColumnRole[]): Fault {
  const titles = missing.map((role) => TITLES[role]).join(' and ');
  const map = missing.map((role) => `${role}=<column>`).join(',');
  const product = missing.includes('product') ? '; or give the product of all rows with --product' : '';
  const [only = ''] = header.length === 1 ? header : [];
  const advice = /[，；、｜]/u.test(only)
    ? 'the columns are separated by full-width signs: replace them by commas; else '
    : /[,;\t|]/.test(only)
      ? 'each row is in quotes as a whole: remove these quotes; else '
      : '';
  return new Fault('csv-invalid', `no column for ${titles}; the file has: ${listOf(header)}`, {
    hint: `${advice}the first line must name the columns; say which is which: --map ${map} (a name, or #2 for the second column)${product}`,
    details: { missing: titles },
  });
}

function listOf(header: readonly string[]): string {
  return showHeader(header)
    .map((cell) => (cell === '' ? '(no name)' : cell))
    .join(', ');
}

/** True for a long text, for signs of base64 and for letters mixed with digits, which no column name has. */
function looksLikeData(cell: string): boolean {
  if (matchHeader(cell) !== null) return false;
  // Part of a secret in a damaged file.
  const runs = cell.match(/[A-Za-z0-9+/=]{10,}/g) ?? [];
  return (
    /[=+]/.test(cell) ||
    /^[\x21-\x7e]{20,}$/.test(cell) ||
    /^(?=.*[0-9].*[0-9])[\x21-\x7e]{8,}$/.test(cell) ||
    runs.some((run) => /[0-9+/=]/.test(run))
  );
}
