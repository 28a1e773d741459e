/** The meaning of a column in a list of devices. `mac` and `serial` bind a row to a unit. */
export const COLUMN_ROLES = ['product', 'dn', 'secret', 'mac', 'serial'] as const;
export type ColumnRole = (typeof COLUMN_ROLES)[number];

/**
 * Header names as tools write them, normalised (see `normalizeHeader`): Tencent (ProductId, DeviceName, DeviceSecret,
 * DevicePsk), Aliyun (ProductKey), Espressif (product_id, device_name, device_secret), the Chinese consoles, and the
 * lists of factories.
 */
const NAMES: Readonly<Record<ColumnRole, readonly string[]>> = {
  product: [
    'productid',
    'productkey',
    'pid',
    '产品id',
    '产品key',
    '产品标识',
    '产品标识符',
    '产品pid',
    '产品productid',
    '产品productkey',
  ],
  dn: [
    'devicename',
    'devname',
    'dn',
    '设备名称',
    '设备名',
    '设备标识',
    '设备标识符',
    '设备dn',
    '设备devicename',
  ],
  secret: [
    'devicesecret',
    'devicepsk',
    'devsecret',
    'devpsk',
    'psk',
    'secret',
    '设备密钥',
    '设备秘钥',
    '密钥',
    '秘钥',
    '设备psk',
    '设备secret',
    '设备devicesecret',
    '设备devicepsk',
    '预共享密钥',
  ],
  mac: [
    'chipid',
    '物理地址',
    '芯片id',
    ...named(
      ['', 'device', 'dev', 'wifi', 'wlan', 'sta', 'station', 'base', 'efuse', 'ble', 'bt', 'bluetooth'],
      ['mac', 'macid', 'macaddr', 'macaddress'],
    ),
    ...named(['', '设备', '模组', '蓝牙', '芯片'], ['mac', 'mac地址', 'mac号', 'mac码']),
  ],
  serial: [
    's/n',
    'sncode',
    ...named(
      ['', 'device', 'dev', 'product', 'unit', 'dut', 'factory'],
      ['sn', 'serial', 'serialnumber', 'serialnum', 'serialno'],
    ),
    ...named(
      ['', '产品', '设备', '整机', '主机', '机身', '成品', '出厂', '生产'],
      ['sn', 'sn号', 'sn码', '序列号'],
    ),
  ],
};

/** All names with all prefixes: `devicesn`. */
function named(prefixes: readonly string[], names: readonly string[]): string[] {
  return prefixes.flatMap((prefix) => names.map((name) => prefix + name));
}

const ROLE_OF: ReadonlyMap<string, ColumnRole> = new Map(
  COLUMN_ROLES.flatMap((role) => NAMES[role].map((name) => [name, role] as const)),
);

/** Remarks beside a name that do not change its meaning. */
const REMARKS = new Set([
  ...['必填', '选填', '唯一', '必选', '可选', '字符串', '16进制', '蓝牙', '无线'],
  ...[
    'required',
    'optional',
    'unique',
    'string',
    'text',
    'hex',
    'base64',
    'wifi',
    'wlan',
    'ble',
    'bluetooth',
  ],
]);
/** A remark about the length of values: `4-32位`, `10 characters`. */
const LENGTH_REMARK = /^\d+(?:位|位数|个?字符|字节|char|chars|characters?|bytes?|bits?|digits?)$/;
/** Words beside a name which mean that the column contains something else. */
const OTHER_MEANING =
  /备注|说明|旧|原|备用|前缀|后缀|长度|校验|状态|时间|数量|类型|昵称|别名|old|new|note|remark|hash|md5|sha|len|hint/;

export interface HeaderMatch {
  readonly role: ColumnRole;
  /** 3: the name itself; 2: in two languages, or with a remark; 1: with an unknown translation. */
  readonly strength: 1 | 2 | 3;
}

/** The form in which names are compared: without case, width, blanks, marks and invisible characters. */
export function normalizeHeader(name: string): string {
  return name
    .normalize('NFKC')
    .toLowerCase()
    .replace(/[\s_\-.:*#'"“”‘’`=\p{Cc}\p{Cf}\p{Default_Ignorable_Code_Point}]/gu, '');
}

/**
 * The role of a column with this name; `null` for an unknown name. Accepts names in two languages in brackets
 * (`设备名称(DeviceName)`), with a slash (`DeviceName/设备名称`), and without either (`设备名称 DeviceName`,
 * `产品ID ProductId`).
 */
export function matchHeader(name: string): HeaderMatch | null {
  const whole = normalizeHeader(name);
  const exact = ROLE_OF.get(whole);
  if (exact !== undefined) return { role: exact, strength: 3 };
  const parts = partsOf(name).filter((part) => !REMARKS.has(part) && !LENGTH_REMARK.test(part));
  const roles = parts.map((part) => ROLE_OF.get(part));
  const known = new Set(roles.filter((role) => role !== undefined));
  const [role] = known;
  if (role === undefined || known.size > 1) return null;
  const others = parts.filter((_, index) => roles[index] === undefined);
  if (others.length === 0) return { role, strength: 2 };
  const [other = ''] = others;
  const isTranslation =
    others.length === 1 &&
    parts.length === 2 &&
    isHan(other) !== isHan(parts.find((part) => part !== other) ?? '');
  return isTranslation && !OTHER_MEANING.test(whole) ? { role, strength: 1 } : null;
}

/**
 * The parts of a name: split at brackets and slashes, between two known names (`产品IDProductId`), and between Chinese and
 * Latin letters.
 */
function partsOf(name: string): string[] {
  return name
    .normalize('NFKC')
    .split(/[()[\]{}<>【】〈〉《》「」『』/\\|,;、，；]+/u)
    .flatMap(
      (part) =>
        namesIn(normalizeHeader(part)) ??
        part.split(/(?<=\p{sc=Han})[\s_\-:]*(?=[A-Za-z])|(?<=[A-Za-z])[\s_\-:]*(?=\p{sc=Han})/u),
    )
    .map(normalizeHeader)
    .filter((part) => part !== '');
}

/** Longer texts are no two names; the search in them would take the square of their length. */
const LONGEST_PAIR = 2 * Math.max(...[...ROLE_OF.keys()].map((name) => name.length));

/** The one or two known names that a text consists of; `null` for another text. */
function namesIn(part: string): string[] | null {
  if (ROLE_OF.has(part)) return [part];
  if (part.length > LONGEST_PAIR) return null;
  for (let index = 1; index < part.length; index += 1) {
    const pair = [part.slice(0, index), part.slice(index)];
    if (pair.every((one) => ROLE_OF.has(one))) return pair;
  }
  return null;
}

const ASCII_NAMES = [...ROLE_OF.keys()].filter((name) => /^[\x21-\x7e]+$/.test(name));
const SLASH = 0x2f;
const LOWER = 0x20;

/**
 * True for bytes that consist only of column names and slashes (`DeviceSecret/PSK`). They are never made a string, because
 * they may be a secret.
 */
export function areNames(bytes: Uint8Array): boolean {
  let from = 0;
  for (let index = 0; index <= bytes.length; index += 1) {
    if (index < bytes.length && bytes[index] !== SLASH) continue;
    const part = bytes.subarray(from, index);
    const isName = (name: string): boolean =>
      name.length === part.length && part.every((byte, place) => (byte | LOWER) === name.charCodeAt(place));
    if (!ASCII_NAMES.some(isName)) return false;
    from = index + 1;
  }
  return true;
}

function isHan(text: string): boolean {
  return /\p{sc=Han}/u.test(text);
}
