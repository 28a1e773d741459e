import { Fault } from '#shared/domain/fault.ts';
import { noAnswerFault, type SerialIo } from '../../devices/protocols/index.ts';

/** Where to stop; exactly one of the three. */
export interface Reading {
  readonly count?: number | undefined;
  readonly until?: Uint8Array | undefined;
  readonly quietMs?: number | undefined;
  readonly withinMs: number;
}

/**
 * Takes bytes off the serial as they came, from the last send or the last read on. Faults: `device-silent`;
 * `limit-exceeded` when others came, or too few; `port-lost`; the signal's reason.
 */
export async function readOn(
  serial: SerialIo,
  { count, until, quietMs, withinMs }: Reading,
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
          withinMs,
          signal,
        )
      : await untilQuiet(serial, quietMs, withinMs, signal);
  if (read !== null) return read;
  const there = serial.received.bytes.length;
  if (there === 0) throw noAnswerFault(serial, { what: 'the bytes', pattern: '', on: 'text', withinMs });
  throw new Fault('limit-exceeded', `${there} bytes came in ${withinMs} ms, and not all that were awaited`, {
    hint: 'The recording has what came.',
    details: {
      command: 'read',
      value: `${there} bytes`,
      limits: count === undefined ? 'up to the end that was named' : `${count} bytes`,
    },
  });
}

function endOf(bytes: Uint8Array, mark: Uint8Array): number | null {
  const at = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length).indexOf(mark);
  return at < 0 ? null : at + mark.length;
}

async function untilQuiet(
  serial: SerialIo,
  quietMs: number,
  withinMs: number,
  signal: AbortSignal,
): Promise<Uint8Array | null> {
  let size = 0;
  const first = await serial.waitFor(({ bytes }) => (bytes.length > 0 ? true : null), withinMs, signal);
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
