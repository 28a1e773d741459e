import type { IdentityName } from '#shared/domain/triple.ts';

/** The end of a command: `ok` when it was accepted, `done` when its asynchronous result came. */
export type FinalReply =
  | { readonly kind: 'ok' }
  | { readonly kind: 'done' }
  /** `text` is the error without the text before it in its line, which may be an echo with a secret. */
  | { readonly kind: 'error'; readonly code: number | null; readonly text: string };

/**
 * Reads a line as the end of a command; null for other lines. Tolerant where documents and firmware differ: blank after the
 * colon, comma in FAIL, `CME ERROR` and `CME ERR`, noise in front (`noisy`: the line had noise).
 * Source: protocol "腾讯云 IoT AT 指令集 V3.2.1", replies and error codes.
 */
export function readFinal(line: string, result: string | undefined, noisy = false): FinalReply | null {
  if (isOk(line, noisy)) return { kind: 'ok' };
  const cme = /\+CME ERR(?:OR)?:\s*(-?\w+)/.exec(line);
  if (cme !== null) return error(cme[1], cme[0]);
  const code = /ERR CODE:\s*(0x[0-9a-f]+)/i.exec(line);
  if (code !== null)
    return { kind: 'error', code: code[1]?.toLowerCase() === '0x010b0000' ? 200 : null, text: code[0] };
  if (/busy p\.\.\./.test(line)) return error('200', 'busy p...');
  if (/(?:^|\W)ERROR$/.test(line) && !isLog(line, 'ERROR', true)) return error(undefined, 'ERROR');
  // ESP-AT reports so that a network could not be joined.
  if (line === 'FAIL') return error(undefined, 'FAIL');
  if (result === undefined) return null;
  const async = /\+(\w+):\s*(OK|FAIL),?\s*(-?\w+)?$/.exec(line);
  if (async === null || async[1] !== result) return null;
  return async[2] === 'OK' ? { kind: 'done' } : error(async[3], async[0]);
}

/** True for `OK` alone, after noise, or after characters that are no text. */
function isOk(line: string, noisy: boolean): boolean {
  if (!line.endsWith('OK') || /\+\w+:\s*OK$/.test(line)) return false;
  if (noisy) return !LOG.test(line);
  return /(?:^|[^\w+])OK$/.test(line) && !line.includes('+') && !isLog(line, 'OK', false);
}

/** Log lines of ESP-IDF: `I (123) wifi: …`, also with a time. */
const LOG = /(?:^|\s)[EWIDV] \([\d:.]+\) /;

/** True for a log line with the same end. `behindEcho`: the words before may be the echo of the command. */
function isLog(line: string, end: string, behindEcho: boolean): boolean {
  const before = line.slice(0, -end.length);
  return LOG.test(line) || (/[A-Za-z]{3}/.test(before) && !(behindEcho && before.includes('AT')));
}

function error(code: string | undefined, text: string): FinalReply {
  const number = code === undefined ? Number.NaN : Number(code);
  return { kind: 'error', code: Number.isInteger(number) ? number : null, text };
}

export interface DeviceInfoReply extends IdentityName {
  readonly bcc: number;
  readonly region: string;
}

/**
 * `+TCDEVINFOSET:<tls>,<pid>,<dn>,<bcc>,<region>` with or without quotes and blanks; `empty` when the
 * fields are empty (a module without identity that does not answer with an error); null when no line matches.
 */
export function readDeviceInfo(lines: readonly string[]): DeviceInfoReply | 'empty' | null {
  for (const line of lines) {
    const found = /\+TCDEVINFO(?:SET)?:\s*(.*)$/.exec(line);
    if (found === null) continue;
    const [, productId = '', deviceName = '', bcc = '', region = ''] = splitFields(found[1] ?? '');
    if (productId === '' && deviceName === '') return 'empty';
    if (!/^\d{1,3}$/.test(bcc)) return null;
    return { productId, deviceName, bcc: Number(bcc), region };
  }
  return null;
}

/** Splits at commas, honouring quotes and the backslash before `"` and `,`. */
export function splitFields(text: string): string[] {
  const fields: string[] = [];
  let field = '';
  let quoted = false;
  for (let i = 0; i < text.length; i++) {
    const char = text[i] ?? '';
    if (char === '\\' && i + 1 < text.length) field += text[++i] ?? '';
    else if (char === '"') quoted = !quoted;
    else if (char === ',' && !quoted) {
      fields.push(field.trim());
      field = '';
    } else field += char;
  }
  return [...fields, field.trim()];
}

export interface ModuleReply {
  readonly mac: string | null;
  readonly hardware: string | null;
  readonly firmware: string | null;
}

/** The lines of `AT+TCMODULE`, recognised by their keywords in any order. */
export function readModule(lines: readonly string[]): ModuleReply {
  const after = (label: RegExp): string | null => {
    for (const line of lines) {
      const found = label.exec(line);
      if (found !== null) return line.slice(found.index + found[0].length).trim() || null;
    }
    return null;
  };
  const mac = after(/\bmac(?:\s*addr(?:ess)?)?\s*:/i);
  return {
    mac: mac === null ? null : (/(?:[0-9a-f]{2}[:-]?){5}[0-9a-f]{2}/i.exec(mac)?.[0] ?? null),
    hardware: after(/\bhw\s*name\s*:/i),
    firmware: after(/\bfw\s*ver(?:sion)?\s*:/i),
  };
}

/** `+TCMQTTSTATE: 0|1`; null when no line matches. */
export function readMqttState(lines: readonly string[]): boolean | null {
  for (const line of lines) {
    const found = /\+TCMQTTSTATE:\s*([01])/.exec(line);
    if (found !== null) return found[1] === '1';
  }
  return null;
}

/** Escapes `"` and `,` and the escape itself inside a string parameter. */
export function escapeParameter(text: string): string {
  return text.replace(/[\\",]/g, '\\$&');
}
