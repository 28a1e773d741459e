import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import { sameName } from '#shared/domain/burn-decision.ts';
import type { Clock } from '../platform/index.ts';
import type { DeviceSession } from '../protocols/index.ts';
import type { Bound, Ledger } from './ledger.ts';

/**
 * Once the intent stands, neither a stop nor a step's time limit interrupts: the device is read back first. This
 * bounds the write, and again the reading, so that a write that took all its time is read back all the same.
 */
const SETTLE_TIMEOUT_MS = 60_000;

export interface BurnOrder {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly device: DeviceSession;
  readonly unitId: number;
  readonly bound: Bound;
  /** The run, or the work at the returns desk, that this belongs to. */
  readonly runId: string;
  /** What the device said before: the same afterwards means that nothing was written. */
  readonly before: IdentityReading;
  readonly because: string;
}

/**
 * Writes a claimed triple into its unit: intent made durable, bytes sent, device read back. Returns when the device
 * holds it. Whatever else happens, the ledger ends up saying what the device holds, or that it does not know, and a
 * fault says why: `device-*`, `port-lost`, `read-back-mismatch`, `identity-conflict`.
 */
export async function burnIdentity(order: BurnOrder): Promise<void> {
  const { ledger, device, unitId, bound, runId } = order;
  await ledger.withSecret(bound, async (triple) => device.checkWritable(triple));
  ledger.intend(bound, runId, order.because);
  let refusal: unknown = null;
  try {
    await inTime('writing', order.clock, (signal) =>
      ledger.withSecret(bound, (triple) => device.writeIdentity(triple, signal)),
    );
  } catch (error) {
    // A refusal or a lost reply proves nothing: the device itself is asked below.
    refusal = error;
  }
  let after: IdentityReading;
  try {
    after = await inTime('reading back', order.clock, (signal) =>
      readIdentity(ledger, device, bound, signal),
    );
  } catch (error) {
    ledger.doubt(bound, runId, 'written, but the device could not be read back');
    throw refusal ?? error;
  }
  if (after.kind === 'holds' && sameName(after.name, bound)) {
    if (after.secretMatches !== false) return ledger.confirm(bound, runId, `read back (${device.readBack})`);
    ledger.doubt(bound, runId, 'read back: the name is right, the secret is not');
    throw mismatch(bound, 'the device holds the name with another secret');
  }
  if (after.kind === 'none') {
    ledger.absent(bound, runId, 'read back: the device holds nothing');
    throw refusal ?? mismatch(bound, 'the device says it holds no identity');
  }
  if (order.before.kind === 'holds' && sameName(order.before.name, after.name)) {
    ledger.absent(bound, runId, 'read back: the device still holds what it held before');
    throw refusal ?? mismatch(bound, 'the device still holds its old identity');
  }
  ledger.conflict(unitId, after, runId, 'read back: the device holds another identity');
  throw new Fault(
    'identity-conflict',
    `${bound.deviceName} was written, but the device holds ${after.name.deviceName}`,
    {
      hint: 'Put the unit aside and take it to support.',
      details: { deviceName: after.name.deviceName, because: 'holds-other' },
    },
  );
}

async function inTime<T>(what: string, clock: Clock, work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  const limit = new AbortController();
  const done = new AbortController();
  clock.sleep(SETTLE_TIMEOUT_MS, done.signal).then(
    () => limit.abort(new Fault('timeout', `${what} the identity did not end in ${SETTLE_TIMEOUT_MS} ms`)),
    () => undefined,
  );
  try {
    return await work(limit.signal);
  } finally {
    done.abort();
  }
}

/** Asks the device which identity it holds, compared with the one it should hold as far as the protocol can see. */
export function readIdentity(
  ledger: Ledger,
  device: DeviceSession,
  bound: Bound | null,
  signal: AbortSignal,
): Promise<IdentityReading> {
  if (bound === null) return device.readIdentity(null, signal);
  return ledger.withSecret(bound, (triple) => device.readIdentity(triple, signal));
}

function mismatch(bound: Bound, what: string): Fault {
  return new Fault('read-back-mismatch', `${bound.deviceName} was written, but ${what}`, {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    details: { deviceName: bound.deviceName },
  });
}
