import { Deadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Clock } from '../../core/platform/index.ts';
import type { DeviceSession } from '../../devices/protocols/index.ts';
import type { RunIo } from '../recording/index.ts';

/** A restart, a login that ends, and some questions. */
const TIMEOUT_MS = 60_000;

/**
 * Gives a module back the network and server that the run has found, at the end of every run that has changed them. Faults: those of
 * `ModuleWifi.leaveAsFound`; not of a module without power, which has kept nothing.
 */
export async function leaveAsFound(
  { wifi }: Pick<DeviceSession, 'wifi'>,
  clock: Clock,
  io: Pick<RunIo, 'comment'>,
): Promise<void> {
  if (wifi === undefined || wifi.changes === 'none') return;
  const reason = (): Fault =>
    new Fault('timeout', `the module was not left as it was found in ${TIMEOUT_MS} ms`, {
      details: { timeoutMs: TIMEOUT_MS },
    });
  using limit = new Deadline(TIMEOUT_MS, reason, { timer: clock });
  try {
    await wifi.leaveAsFound(limit.signal);
  } catch (error) {
    const isAway = error instanceof Fault && (error.code === 'device-silent' || error.code === 'port-lost');
    if (!isAway || wifi.changes === 'stored') throw error;
    io.comment('the module does not answer any more: what the run has set ends with its supply');
  }
}
