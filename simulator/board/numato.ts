import { Relays, type BoardFirmware, type Wiring } from './wiring.ts';

const CR = 0x0d;
const LINE_END = '\n\r';
const PROMPT = '>';
const LONGEST_LINE = 64;
const VERSION = '00000008';
const ID = '00000000';

/**
 * A USB relay module of Numato Lab: commands as text ended by CR, everything echoed, line ends LF CR, a prompt `>`.
 * Channels are 0 to 9, then A to V. Source: Numato Lab's user guides of its relay modules with GPIO.
 */
export function numatoFirmware(wiring: Wiring, send: (bytes: Uint8Array) => void): BoardFirmware {
  const relays = new Relays(wiring);
  let line = '';

  const channelOf = (name: string | undefined): number | null => {
    const channel = name !== undefined && /^[0-9A-V]$/i.test(name) ? Number.parseInt(name, 32) : Number.NaN;
    return channel < wiring.channels ? channel : null;
  };
  const hexDigits = Math.max(2, Math.ceil(wiring.channels / 4));

  /** The reply to a command; `null` without a reply and for an unknown command. */
  function answer(command: string): string | null {
    const [subject, verb, argument] = command.split(' ').filter((word) => word !== '');
    const channel = channelOf(argument);
    switch (`${subject} ${verb ?? ''}`.trim()) {
      case 'ver':
        return VERSION;
      case 'id get':
        return ID;
      case 'reset':
        for (let each = 0; each < wiring.channels; each++) relays.set(each, false);
        return null;
      case 'relay on':
      case 'relay off':
        if (channel !== null) relays.set(channel, verb === 'on');
        return null;
      case 'relay read':
        return channel === null ? null : relays.isClosed(channel) === true ? 'on' : 'off';
      case 'relay readall':
        return readAll((each) => relays.isClosed(each) === true);
      case 'relay writeall': {
        if (argument === undefined || !/^[0-9a-f]{1,8}$/i.test(argument)) return null;
        const bits = BigInt(`0x${argument}`);
        for (let each = 0; each < wiring.channels; each++)
          relays.set(each, ((bits >> BigInt(each)) & 1n) === 1n);
        return null;
      }
      case 'gpio read':
        return channel === null ? null : String(Number(wiring.readPin(channel)));
      case 'gpio readall':
        return readAll(wiring.readPin);
      default:
        return null;
    }
  }

  function readAll(isSet: (channel: number) => boolean): string {
    let bits = 0n;
    for (let each = 0; each < wiring.channels; each++) if (isSet(each)) bits |= 1n << BigInt(each);
    return bits.toString(16).padStart(hexDigits, '0');
  }

  return {
    receive(bytes) {
      let output = '';
      for (const byte of bytes) {
        if (byte !== CR) {
          // Some terminals send a line feed after the CR. The module does not echo it.
          if (byte < 0x20 || byte > 0x7e || line.length === LONGEST_LINE) continue;
          line += String.fromCharCode(byte);
          output += String.fromCharCode(byte);
          continue;
        }
        const reply = answer(line);
        line = '';
        output += LINE_END + (reply === null ? '' : reply + LINE_END) + PROMPT;
      }
      if (output !== '') send(Buffer.from(output, 'latin1'));
    },
  };
}
