import { z } from 'zod';

/**
 * The shape of a cloud identity. Source: AT command set V3.2.1 (`AT+TCDEVINFOSET`: pid ≤ 10, dn ≤ 48,
 * secret ≤ 44), iotexplorer CreateDevice (`DeviceName [a-zA-Z0-9:_-]{1,48}`) and Aliyun RegisterDevice (DeviceName of 4
 * to 32 letters, digits and `- _ @ . :`, ProductKey of 11 characters). The ledger accepts the union of them; a burn
 * protocol may be stricter.
 */
export const PRODUCT_ID = /^[A-Za-z0-9]{1,32}$/;
export const DEVICE_NAME_LIMIT = 48;
/** Not `.` and `..`: a name is a part of addresses. */
export const DEVICE_NAME = /^(?!\.{1,2}$)[A-Za-z0-9:_.@-]{1,48}$/;
/** Base64 of a PSK (Tencent) or 32 hex characters (Aliyun); stored as the text that is written into the device. */
export const DEVICE_SECRET =
  /^(?:[A-Za-z0-9+/]{4}){2,11}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$|^[0-9a-f]{32}$/i;

export const productId = z.string().regex(PRODUCT_ID);
export const deviceName = z.string().regex(DEVICE_NAME);

/** The name of a cloud identity, without its secret: it may be shown, logged and sent. */
export interface IdentityName {
  readonly productId: string;
  readonly deviceName: string;
}

/** 三元组. `deviceSecret` never leaves the process that burns it except sealed or to the device itself. */
export interface Triple extends IdentityName {
  readonly deviceSecret: string;
}

/** MAC or chip id as written in the ledger: upper case hex, no separators. `null` when it is neither. */
export function normalizeChipId(text: string): string | null {
  const hex = text
    .trim()
    .replace(/[:\-. ]/g, '')
    .toUpperCase();
  return /^[0-9A-F]{6,32}$/.test(hex) && hex.length % 2 === 0 ? hex : null;
}

/**
 * True for the address of a chip that was never programmed: all zeros or all ones. It identifies no unit, because many
 * units report the same.
 */
export function isBlankChipId(chipId: string): boolean {
  return /^(?:0+|F+)$/.test(chipId);
}

const UNSET_ID =
  /^(?:0[0 :._-]*|f[f :._-]*|[x?*._ -]+|n\/?a|nil|none|null|nan|undefined|unknown|unset|not[ _-]?set|default|empty|invalid|to be filled by o\.?e\.?m\.?)$/i;

/**
 * True for an id or a serial number that a unit reports before one was given to it: zeros, `unknown`, `N/A`. It identifies no unit,
 * because many units report the same.
 */
export function isUnsetId(text: string): boolean {
  return UNSET_ID.test(text.trim());
}

/** `AABBCCDDEEFF` as people read it: `AA:BB:CC:DD:EE:FF`. */
export function formatChipId(chipId: string): string {
  return chipId.match(/.{2}/g)?.join(':') ?? chipId;
}
