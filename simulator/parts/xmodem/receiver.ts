import type { ByteQueue } from '../boot/index.ts';
import { crc16 } from '../ci130x/index.ts';

const SOH = 0x01;
const STX = 0x02;
const EOT = 0x04;
const ACK = 0x06;
const NAK = 0x15;
const CAN = 0x18;
const C = 0x43;
/** The rest of a block must come within this time. */
const BLOCK_TIMEOUT_MS = 1_000;
/** A block that does not come is asked for again after this time. */
const IDLE_TIMEOUT_MS = 3_000;
const QUIET_MS = 100;
const MAX_ERRORS = 10;

export interface ReceiverOptions {
  readonly queue: ByteQueue;
  readonly send: (bytes: Uint8Array) => void;
  /** Stores the data of a block; false when it cannot, so that the transfer is cancelled. */
  readonly store: (offset: number, data: Uint8Array) => Promise<boolean>;
}

/** `cancelled`: by either side, or after too many errors. */
export type ReceiverEnd = 'complete' | 'cancelled';

/**
 * Receives a file by XMODEM with CRC, in blocks of 128 or 1024 bytes, once the first byte of a block or the end is there.
 * Source: Chuck Forsberg, "XMODEM/YMODEM Protocol Reference".
 */
export async function receiveXmodem(
  { queue, send, store }: ReceiverOptions,
  signal: AbortSignal,
): Promise<ReceiverEnd> {
  let [expected, offset, errors, cancels] = [1, 0, 0, 0];
  const answer = (...bytes: number[]): void => send(Uint8Array.from(bytes));
  const refuse = async (): Promise<void> => {
    errors += 1;
    await queue.drain(QUIET_MS, signal);
    if (errors < MAX_ERRORS) answer(NAK);
  };
  while (errors < MAX_ERRORS) {
    const start = (await queue.read(1, IDLE_TIMEOUT_MS, signal))?.[0];
    if (start === undefined) {
      errors += 1;
      answer(NAK);
      continue;
    }
    cancels = start === CAN ? cancels + 1 : 0;
    if (cancels === 2) return 'cancelled';
    if (start === CAN) continue;
    if (start === EOT && (await queue.read(1, QUIET_MS, signal)) === null) {
      answer(ACK);
      return 'complete';
    }
    // A byte of the end that is followed by others belongs to a block whose start was lost.
    if (start !== SOH && start !== STX) {
      await refuse();
      continue;
    }
    const block = await queue.read((start === STX ? 1024 : 128) + 4, BLOCK_TIMEOUT_MS, signal);
    const data = block === null ? null : checkedData(block);
    if (block === null || data === null) {
      await refuse();
      continue;
    }
    const [number = 0] = block;
    if (number === ((expected - 1) & 0xff) && expected > 1) {
      // The acknowledgement was lost.
      answer(ACK);
      continue;
    }
    if (number !== (expected & 0xff) || !(await store(offset, data))) break;
    errors = 0;
    offset += data.length;
    expected += 1;
    answer(ACK);
  }
  answer(CAN, CAN);
  return 'cancelled';
}

/** Asks for blocks with CRC. */
export const WANT_CRC = Uint8Array.of(C);

/** Number, complement, data, CRC with the high byte first; `null` for a disturbed block. */
function checkedData(block: Buffer): Buffer | null {
  const data = block.subarray(2, -2);
  const [number = 0, complement = 0] = block;
  const isWhole = number + complement === 0xff && crc16(data) === block.readUInt16BE(block.length - 2);
  return isWhole ? data : null;
}
