import { visibleLine } from '#shared/codec/visible-text.ts';
import { MASK, type SecretMask } from '../../../core/secret-mask/index.ts';

/** More of what a unit says is cut off. */
const MAX_SHOWN_CHARACTERS = 400;

/** Kinds of messages, in `cmdType`. */
const CMD_TYPE = { token: 0, network: 1, deviceInfo: 2, log: 3 } as const;

/** What an app gives a unit. Password and token are secrets. */
export type GivenByApp =
  | { readonly kind: 'network'; readonly ssid: string; readonly password: string; readonly token: string }
  /** For a unit that is in a network already. */
  | { readonly kind: 'token'; readonly token: string };

/** The answer of a unit. */
export type UnitAnswer =
  | { readonly kind: 'info'; readonly productId: string; readonly deviceName: string }
  /** `isPrevious`: of an earlier provisioning. */
  | { readonly kind: 'error'; readonly isPrevious: boolean; readonly log: string };

/** The message in UTF-8. */
export function encodeGiven(given: GivenByApp): Uint8Array {
  const { token } = given;
  if (given.kind === 'token') return utf8({ cmdType: CMD_TYPE.token, token });
  const { ssid, password } = given;
  return utf8({ cmdType: CMD_TYPE.network, ssid, password, token });
}

/** A text as it stands in a message: JSON escapes some characters. */
export function escapedInJson(text: string): string {
  return JSON.stringify(text).slice(1, -1);
}

export function encodeLogQuery(): Uint8Array {
  return utf8({ cmdType: CMD_TYPE.log });
}

/**
 * Reads an answer: `{"cmdType":2,"productId":…,"deviceName":…,"protoVersion":"2.0"}` or
 * `{"cmdType":2,"deviceReply":"Current_Error"|"Previous_Error","log":…}`; null for anything else.
 */
export function readUnitAnswer(json: string): UnitAnswer | null {
  const fields = parseObject(json);
  if (fields === null || fields['cmdType'] !== CMD_TYPE.deviceInfo) return null;
  const { productId, deviceName, deviceReply, log } = fields;
  if (deviceReply === 'Current_Error' || deviceReply === 'Previous_Error') {
    const isPrevious = deviceReply === 'Previous_Error';
    return { kind: 'error', isPrevious, log: typeof log === 'string' ? log : '' };
  }
  if (typeof productId !== 'string' || typeof deviceName !== 'string') return null;
  return { kind: 'info', productId, deviceName };
}

/** A text of a unit as people can read it, without secrets. Its end is kept, because a log ends with its codes. */
export function shownText(text: string, mask: Pick<SecretMask, 'maskText'>): string {
  const line = visibleLine(mask.maskText(text).replaceAll(/\*{3,}/g, MASK));
  return line.length <= MAX_SHOWN_CHARACTERS ? line : `…${line.slice(-MAX_SHOWN_CHARACTERS)}`;
}

/** The codes at the end of a log: `ESP WIFI connect error! (10, 2)`; null when there are none. */
export function codesOfLog(log: string): { readonly code: number; readonly subCode: number } | null {
  const found = /\((-?\d{1,5}),\s*(-?\d{1,5})\)\s*$/.exec(log);
  return found === null ? null : { code: Number(found[1]), subCode: Number(found[2]) };
}

function utf8(value: object): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(value));
}

function parseObject(json: string): Readonly<Record<string, unknown>> | null {
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : null;
  } catch {
    return null;
  }
}
