import { createHash } from 'node:crypto';
import { crc32 } from 'node:zlib';
import type { ScriptedUnit } from '../../../../kit/units.ts';

/** What a unit of these tests holds; a part that is empty was not written. */
export interface Held {
  productId: string;
  deviceName: string;
  deviceSecret: string;
}

/** How a unit shows its secret. */
export const SHOWN = {
  deviceSecret: (secret: string) => secret,
  deviceSecretHex: (secret: string) => Buffer.from(secret).toString('hex'),
  deviceSecretBase64: (secret: string) => Buffer.from(secret).toString('base64'),
  deviceSecretSha256: (secret: string) => createHash('sha256').update(secret).digest('hex'),
  deviceSecretMd5: (secret: string) => createHash('md5').update(secret).digest('hex').toUpperCase(),
  deviceSecretCrc32: (secret: string) => crc32(secret).toString(16).padStart(8, '0'),
  deviceSecretBcc: (secret: string) => String([...Buffer.from(secret)].reduce((sum, byte) => sum ^ byte, 0)),
  name: () => '',
} as const;
export type Shown = keyof typeof SHOWN;

/** A unit with a console: `SETID`, `ID?`, `CLRID`. */
export interface ConsoleUnit {
  held: Held | null;
  /** Lines that came. */
  readonly heard: string[];
  /** What the unit answers in place of its own answer; `null` for nothing, `undefined` for its own. */
  instead: (line: string) => string | null | undefined;
  /** The answer to a line; `null` for none. */
  answer(line: string): string | null;
}

export function consoleUnit(shown: Shown = 'deviceSecret'): ConsoleUnit {
  const own = (unit: ConsoleUnit, line: string): string | null => {
    const [verb, productId = '', deviceName = '', deviceSecret = ''] = line.split(' ');
    if (verb === 'SETID') {
      unit.held = { productId, deviceName, deviceSecret };
      return 'OK\r\n';
    }
    if (verb === 'CLRID') {
      unit.held = null;
      return 'OK\r\n';
    }
    if (verb !== 'ID?') return 'ERR\r\n';
    const { held } = unit;
    if (held === null) return 'ID -\r\n';
    const secret = held.deviceSecret === '' ? '' : SHOWN[shown](held.deviceSecret);
    return `ID ${held.productId} ${held.deviceName}${shown === 'name' ? '' : ` ${secret}`}\r\n`;
  };
  const unit: ConsoleUnit = {
    held: null,
    heard: [],
    instead: () => undefined,
    answer(line) {
      unit.heard.push(line);
      const other = unit.instead(line);
      return other === undefined ? own(unit, line) : other;
    },
  };
  return unit;
}

/** The unit at the far end of a pseudo-terminal. */
export function onTerminal(unit: ConsoleUnit): ScriptedUnit {
  let begun = '';
  return (bytes, send) => {
    begun += bytes.toString('latin1');
    const lines = begun.split(/\r?\n/);
    begun = lines.pop() ?? '';
    for (const line of lines) {
      const said = line === '' ? null : unit.answer(line);
      if (said !== null) send(said);
    }
  };
}

/** Long enough for every answer of a unit on a terminal. */
export const ANSWERED_MS = 10_000;
/** For answers that do not come; a unit that answers has this long, too. */
export const UNANSWERED_MS = 1000;

/** `device.identity` of such a unit. */
export function consoleIdentity(
  shown: Shown = 'deviceSecret',
  withinMs = ANSWERED_MS,
): Record<string, unknown> {
  const group = shown === 'name' ? '' : ` ?(?<${shown}>\\S*)`;
  return {
    write: [{ text: 'SETID {productId} {deviceName} {deviceSecret}', expect: '^OK$', withinMs }],
    read: [
      {
        text: 'ID?',
        expect: `^ID (?<productId>\\w*) (?<deviceName>[\\w-]*)${group}$`,
        none: '^ID -$',
        withinMs,
      },
    ],
    erase: [{ text: 'CLRID', expect: '^OK$', withinMs }],
    limits: { deviceName: 48, deviceSecret: 44 },
    unproven: shown === 'name',
  };
}
