import { Fault } from '#shared/domain/fault.ts';

/** Column names chosen by the engineer; they win over what would be recognised. */
export interface ColumnMap {
  readonly product?: string;
  readonly dn?: string;
  readonly secret?: string;
}

/** Where a triple's parts are in a row. `product` is `null` when all rows have the same one, given from outside. */
export interface Columns {
  readonly product: number | null;
  readonly deviceName: number;
  readonly secret: number;
}

/**
 * Header names as tools write them, lower case, without blanks, `_` and `-`: Tencent (ProductId, DeviceName,
 * DeviceSecret, DevicePsk), Aliyun (ProductKey), Espressif (product_id, device_name, device_secret), and the Chinese
 * consoles.
 */
const NAMES = {
  product: ['productid', 'productkey', 'pid', '产品id', '产品key', '产品标识'],
  dn: ['devicename', 'devname', 'dn', '设备名称', '设备名', '设备标识'],
  secret: ['devicesecret', 'devicepsk', 'psk', 'secret', '设备密钥', '密钥'],
} as const;
type Role = keyof typeof NAMES;
const TITLES = { product: 'ProductId', dn: 'DeviceName', secret: 'DeviceSecret' } as const;
const ROLES = Object.keys(NAMES) as Role[];

/**
 * Finds the columns of a triple in a header. Fault `csv-invalid` when one is missing or two would do; it names what
 * was found and what to pass.
 */
export function findColumns(header: readonly string[], map: ColumnMap, hasDefaultProduct: boolean): Columns {
  const places = { product: -1, dn: -1, secret: -1 };
  for (const role of ROLES) places[role] = findColumn(header, role, map[role]);
  const missing = ROLES.filter((role) => places[role] < 0 && !(role === 'product' && hasDefaultProduct));
  if (missing.length > 0) throw missingColumns(header, missing);
  const taken = Object.values(places).filter((place) => place >= 0);
  if (new Set(taken).size < taken.length) {
    throw new Fault('csv-invalid', 'two parts of the triple are mapped to the same column', {
      hint: 'give each of dn, secret and product a column of its own',
    });
  }
  return {
    product: places.product < 0 ? null : places.product,
    deviceName: places.dn,
    secret: places.secret,
  };
}

/** Reads `dn=设备名,secret=密钥,product=产品`, as `--map` takes it. Fault `bad-input`. */
export function parseColumnMap(text: string): ColumnMap {
  const map: { product?: string; dn?: string; secret?: string } = {};
  for (const part of text.split(',').filter((one) => one.trim() !== '')) {
    const [key = '', ...rest] = part.split('=');
    const role = ROLES.find((one) => one === key.trim());
    const column = rest.join('=').trim();
    if (role === undefined || column === '' || map[role] !== undefined) {
      throw new Fault('bad-input', `the column map cannot be read at "${part.trim()}"`, {
        hint: 'write dn=<column>,secret=<column>,product=<column>, each at most once',
      });
    }
    map[role] = column;
  }
  return map;
}

/** Header cells as they may be shown. Without a header the first row is data, and data holds a secret. */
export function showHeader(header: readonly string[]): string[] {
  return header.map((cell) => (looksLikeData(cell) ? '(looks like data)' : cell.slice(0, 40)));
}

function findColumn(header: readonly string[], role: Role, chosen: string | undefined): number {
  const wanted: readonly string[] = chosen === undefined ? NAMES[role] : [normalize(chosen)];
  const found = header.flatMap((cell, place) => (wanted.includes(normalize(cell)) ? [place] : []));
  const [place = -1, second] = found;
  if (second !== undefined) {
    const names = found.map((one) => `"${header[one] ?? ''}"`).join(' and ');
    throw new Fault('csv-invalid', `${names} could both be the ${TITLES[role]}`, {
      hint: `say which: --map ${role}=<column>`,
      details: { role },
    });
  }
  if (place < 0 && chosen !== undefined) {
    throw new Fault('csv-invalid', `the file has no column "${chosen}"; it has: ${listOf(header)}`, {
      hint: `correct the map: ${role}=<column>`,
      details: { role },
    });
  }
  return place;
}

function missingColumns(header: readonly string[], missing: readonly Role[]): Fault {
  const titles = missing.map((role) => TITLES[role]).join(' and ');
  const map = missing.map((role) => `${role}=<column>`).join(',');
  const product = missing.includes('product') ? '; or give the product of all rows with --product' : '';
  return new Fault('csv-invalid', `no column for ${titles}; the file has: ${listOf(header)}`, {
    hint: `the first line must name the columns; say which is which: --map ${map}${product}`,
    details: { missing: titles },
  });
}

function listOf(header: readonly string[]): string {
  return showHeader(header)
    .map((cell) => (cell === '' ? '(no name)' : cell))
    .join(', ');
}

function normalize(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_-]/g, '');
}

/** Long, or with the marks of base64, or digits among many letters: no name of a column looks like that. */
function looksLikeData(cell: string): boolean {
  return (
    /[=+/]/.test(cell) || /^[\x21-\x7e]{20,}$/.test(cell) || /^(?=.*[0-9].*[0-9])[\x21-\x7e]{8,}$/.test(cell)
  );
}
