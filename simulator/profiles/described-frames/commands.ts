import { supplyMv, type RunningUnit, type Requests } from '../../parts/described/index.ts';
import { proofOf, type Fields, type Written } from '../../parts/identity/index.ts';
import { FrameReader, frameOf } from './frame.ts';

export const FIRMWARE = { model: [0x47, 0x31], version: [0x01, 0x00, 0x00] } as const;

const COMMAND = {
  who: 0x01,
  supply: 0x02,
  setIdentity: 0x10,
  getIdentity: 0x11,
  clearIdentity: 0x12,
  logIn: 0x13,
  logOut: 0x14,
} as const;
/** The answer repeats the command with this bit. */
const ANSWER = 0x80;
/** The answer to a command that the unit does not know: this byte, then the command. */
const UNKNOWN = 0xff;
const STATUS = { done: 0x00, badValue: 0x01, flashFailed: 0x02, busy: 0x03, notOnline: 0x04 } as const;
const HOLDS = 0x01;

/** The three numbers of a version; a version of another form is that of the factory here. */
function versionBytes(version: string): readonly number[] {
  const numbers = /^(\d{1,3})\.(\d{1,3})\.(\d{1,3})$/.exec(version)?.slice(1).map(Number) ?? [];
  return numbers.length === 3 && numbers.every((number) => number <= 0xff) ? numbers : FIRMWARE.version;
}

/** The commands of a unit that takes an identity in binary frames. Texts end with a zero byte. */
export class IdentityFrames implements Requests<Uint8Array> {
  readonly #reader = new FrameReader();

  push(bytes: Uint8Array): readonly Uint8Array[] {
    return this.#reader.push(bytes);
  }

  clear(): void {
    this.#reader.clear();
  }

  async answer(payload: Uint8Array, unit: RunningUnit): Promise<Uint8Array | null> {
    const [command = UNKNOWN, ...data] = payload;
    const answer = await this.#execute(command, Buffer.from(data), unit);
    if (answer === null) return null;
    return frameOf(
      answer === 'unknown' ? Buffer.of(UNKNOWN, command) : Buffer.of(command | ANSWER, ...answer),
    );
  }

  async #execute(command: number, data: Buffer, unit: RunningUnit): Promise<Uint8Array | 'unknown' | null> {
    const { context, memory, cloud, signal } = unit;
    if (command !== COMMAND.setIdentity && data.length > 0) return 'unknown';
    switch (command) {
      case COMMAND.who: {
        const mac = Buffer.from(context.mac.replaceAll(':', ''), 'hex');
        return Buffer.of(...mac, ...FIRMWARE.model, ...versionBytes(cloud.version));
      }
      case COMMAND.supply: {
        const value = Buffer.alloc(2);
        value.writeUInt16BE(Math.max(0, Math.min(supplyMv(context), 0xffff)));
        return value;
      }
      case COMMAND.setIdentity: {
        const fields = fieldsOf(data);
        // A login with the old identity ends.
        await cloud.close(false);
        return fields === null ? Buffer.of(STATUS.badValue) : status(await memory.write(fields, signal));
      }
      case COMMAND.getIdentity:
        return identityOf(unit);
      case COMMAND.clearIdentity:
        await cloud.close(false);
        await memory.erase(signal);
        return Buffer.of(STATUS.done);
      case COMMAND.logIn:
        return Buffer.of((await cloud.open(signal)) ? STATUS.done : STATUS.notOnline);
      case COMMAND.logOut:
        await cloud.close(false);
        return Buffer.of(STATUS.done);
      default:
        return 'unknown';
    }
  }
}

function zeroEnded(text: string): Buffer {
  return Buffer.from(`${text}\0`);
}

/** Three texts, each with a zero byte at its end; `null` for anything else. */
function fieldsOf(data: Buffer): Fields | null {
  const texts = data.toString('utf8').split('\0');
  const [productId, deviceName, deviceSecret, end] = texts;
  if (productId === undefined || deviceName === undefined || deviceSecret === undefined) return null;
  return texts.length === 4 && end === '' ? { productId, deviceName, deviceSecret } : null;
}

/** Without an identity one zero byte; with one `01`, ProductId, DeviceName and the SHA-256 of the secret, 32 bytes. */
function identityOf({ memory }: RunningUnit): Uint8Array {
  const held = memory.identity;
  if (held === null) return Buffer.of(0);
  const digest = Buffer.from(proofOf(held, 'sha256') ?? '', 'hex');
  return Buffer.concat([Buffer.of(HOLDS), zeroEnded(held.productId), zeroEnded(held.deviceName), digest]);
}

function status(written: Written): Uint8Array | null {
  switch (written) {
    case 'stored':
      return Buffer.of(STATUS.done);
    case 'bad-value':
      return Buffer.of(STATUS.badValue);
    case 'refused':
      return Buffer.of(STATUS.busy);
    case 'failed':
      return Buffer.of(STATUS.flashFailed);
    case 'no-reply':
      return null;
  }
}
