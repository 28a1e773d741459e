import { Fault } from '#shared/domain/fault.ts';
import type { ByteLink, Clock } from '../../core/platform/index.ts';

/** Control lines of a port; `breakMs` holds the line in break for so long. */
export interface WireLines {
  readonly dtr?: boolean | undefined;
  readonly rts?: boolean | undefined;
  readonly breakMs?: number | undefined;
}

/** Faults: `port-lost`; `not-configured` for a port without control lines; the signal's reason. */
export async function setLines(
  port: ByteLink,
  clock: Clock,
  { dtr, rts, breakMs }: WireLines,
  signal: AbortSignal,
): Promise<void> {
  const { setLines: set } = port;
  if (set === undefined) {
    throw new Fault('not-configured', `${port.path} has no control lines`, {
      hint: 'Only a serial port has DTR, RTS and break.',
      details: { port: port.path },
    });
  }
  if (dtr !== undefined) await set.call(port, { dtr });
  if (rts !== undefined) await set.call(port, { rts });
  if (breakMs === undefined) return;
  await set.call(port, { brk: true });
  try {
    await clock.sleep(breakMs, signal);
  } finally {
    await set.call(port, { brk: false });
  }
}
