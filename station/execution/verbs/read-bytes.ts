import { Fault } from '#shared/domain/fault.ts';
import { noAnswerFault, type SerialIo } from '../../devices/protocols/index.ts';

/** Where a read ends: exactly one of `count`, `until` and `quietMs`. */
export interface ReadSpec {
  readonly count?: number | undefined;
  readonly until?: Uint8Array | undefined;
  readonly quietMs?: number | undefined;
  readonly withinMs: number;
}

/**
 * Takes the bytes that came since the last send or the last read. Faults: `device-silent`; `limit-exceeded` when the end
 * did not come in time; `port-lost`; the signal's reason.
 */
export async function readBytes(
  serial: SerialIo,
  { count, until, quietMs, withinMs: timeoutMs }: ReadSpec,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const read =
    quietMs === undefined
      ? await serial.waitFor(
          ({ bytes, takeBytes }) => {
            const end = count ?? endOf(bytes, until ?? new Uint8Array());
            if (end === null || bytes.length < end) return null;
            takeBytes(end);
            return bytes.slice(0, end);
          },
          timeoutMs,
          signal,
        )
      : await untilQuiet(serial, quietMs, timeoutMs, signal);
  if (read !== null) return read;
  const received = serial.received.bytes.length;
  if (received === 0) throw noAnswerFault(serial, { what: 'the bytes', pattern: '', on: 'text', timeoutMs });
  throw new Fault(
    'limit-exceeded',
    `${received} bytes came in ${timeoutMs} ms, and not all that were awaited`,
    {
      hint: 'The recording has what came.',
      details: {
        command: 'read',
        value: `${received} bytes`,
        limits: count === undefined ? 'up to the end that was named' : `${count} bytes`,
      },
    },
  );
}

function endOf(bytes: Uint8Array, delimiter: Uint8Array): number | null {
  const index = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(delimiter);
  return index < 0 ? null : index + delimiter.length;
}

async function untilQuiet(
  serial: SerialIo,
  quietMs: number,
  timeoutMs: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  let size = 0;
  const first = await serial.waitFor(({ bytes }) => (bytes.length > 0 ? true : null), timeoutMs, signal);
  while (first !== null) {
    const { received } = serial;
    const { bytes } = received;
    if (bytes.length === size || bytes.length >= 65_536) {
      received.takeBytes(bytes.length);
      return bytes;
    }
    size = bytes.length;
    await serial.waitFor((now) => (now.bytes.length > size ? true : null), quietMs, signal);
  }
  return null;
}
