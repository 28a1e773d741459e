import { Fault } from '#shared/domain/fault.ts';
import type { InstrumentSetting } from '#shared/domain/instrument.ts';
import { noAnswerFault, type ReceivedData, type SerialIo } from '../serial-io/index.ts';
import { instrumentError } from './instrument-faults.ts';

/** Bytes of one block; what was received before is kept up to 64 KiB, with the header. */
export const MAX_BLOCK_BYTES = 65_000;
const HASH = 0x23;
const ZERO = 0x30;

export interface BlockSpec {
  /** The question, for messages. */
  readonly what: string;
  readonly timeoutMs: number;
  readonly maxBytes: number;
}

/**
 * Waits for a definite-length arbitrary block (IEEE 488.2, 8.7.9): `#`, a digit that counts the digits of the length, the
 * length in decimal, and so many bytes. Blanks and line ends before it are skipped. Faults: `instrument-error` for an answer
 * that is no such block or that is longer than `maxBytes`, `device-silent`, `port-lost`, the signal's reason.
 */
export async function readBlock(
  serial: SerialIo,
  setting: InstrumentSetting,
  { what, timeoutMs, maxBytes }: BlockSpec,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const search = (received: ReceivedData): Uint8Array | null => {
    const { bytes } = received;
    const start = bytes.findIndex((byte) => byte > 0x20);
    if (start < 0) return null;
    const header = headerOf(bytes.subarray(start));
    if (header === 'none')
      throw instrumentError(
        setting,
        `answers "${printable(bytes.subarray(start))}" to ${what}, which is no block`,
      );
    if (header === 'incomplete') return null;
    if (header.length > maxBytes)
      throw instrumentError(
        setting,
        `answers ${what} with a block of ${header.length} bytes, and ${maxBytes} are allowed`,
      );
    const from = start + header.at;
    if (bytes.length < from + header.length) return null;
    received.takeBytes(from + header.length);
    return bytes.slice(from, from + header.length);
  };
  const block = await serial.waitFor(search, timeoutMs, signal);
  if (block !== null) return block;
  const came = serial.received.bytes.length;
  if (came === 0) throw noAnswerFault(serial, { what, pattern: '', on: 'text', timeoutMs });
  throw new Fault(
    'device-silent',
    `the block of ${what} did not end in ${timeoutMs} ms, after ${came} bytes`,
    {
      details: { command: what, timeoutMs },
    },
  );
}

/** Where the bytes of a block begin after its header, and how many there are. */
function headerOf(
  bytes: Uint8Array,
): { readonly at: number; readonly length: number } | 'incomplete' | 'none' {
  if (bytes[0] !== HASH) return 'none';
  if (bytes.length < 2) return 'incomplete';
  const digits = (bytes[1] ?? 0) - ZERO;
  // A block of indefinite length (#0) has no end on a byte stream.
  if (digits < 1 || digits > 9) return 'none';
  if (bytes.length < 2 + digits) return 'incomplete';
  const text = Buffer.from(bytes.subarray(2, 2 + digits)).toString('latin1');
  return /^\d+$/.test(text) ? { at: 2 + digits, length: Number(text) } : 'none';
}

function printable(bytes: Uint8Array): string {
  return Buffer.from(bytes.subarray(0, 40))
    .toString('latin1')
    .replace(/[^\x20-\x7e]/g, '.');
}
