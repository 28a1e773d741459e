import { Fault } from '#shared/domain/fault.ts';
import type { Clock, DevicePort } from '../../core/platform/index.ts';

/** Control lines of a serial port; lines that are left out stay as they are. `breakMs`: length of a break. */
export interface ControlLines {
  readonly dtr?: boolean | undefined;
  readonly rts?: boolean | undefined;
  readonly breakMs?: number | undefined;
}

/** Faults: `port-lost`; `not-configured` for a port without control lines; the signal's reason. */
export async function setControlLines(
  port: DevicePort,
  clock: Clock,
  { dtr, rts, breakMs }: ControlLines,
  signal: AbortSignal,
): Promise<void> {
  const { setControlLines: set } = port;
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
