import type { IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import { sameName } from '#shared/domain/burn-decision.ts';
import type { Clock } from '../core/platform/index.ts';
import type { DeviceSession } from '../devices/protocols/index.ts';
import type { Bound, Ledger } from './ledger.ts';

/**
 * Once the intent stands, neither a stop nor a step's time limit interrupts: the device is read back first. This
 * bounds the write, and again the reading, so that a write that took all its time is read back all the same.
 */
const SETTLE_TIMEOUT_MS = 60_000;

export interface BurnRequest {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly device: DeviceSession;
  readonly unitId: number;
  /** Who the unit said it is when the triple was given to it. */
  readonly chipId: string;
  readonly bound: Bound;
  /** The run, or the work at the returns desk, that this belongs to. */
  readonly runId: string;
  /** What the device said before: the same afterwards means that nothing was written. */
  readonly before: IdentityReading;
  readonly because: string;
}

/**
 * Writes a claimed triple into its unit: the unit asked once more who it is, intent made durable, bytes sent, device
 * read back. Returns when the device holds it. Whatever else happens, the ledger ends up saying what the device holds,
 * or that it does not know, and a fault says why: `device-*`, `port-lost`, `read-back-mismatch`, `identity-conflict`.
 */
export async function burnIdentity(order: BurnRequest): Promise<void> {
  const { clock, ledger, device, unitId, bound, runId } = order;
  const askWho = (): Promise<string> =>
    inTime('asking who it is', clock, async (signal) => (await device.identify(signal)).chipId);
  await ledger.withSecret(bound, async (triple) => device.checkWritable(triple));
  const now = await askWho();
  if (now !== order.chipId) throw exchanged(order, now);
  ledger.intend(bound, runId, order.because);
  let refusal: unknown = null;
  try {
    await inTime('writing', clock, (signal) =>
      ledger.withSecret(bound, (triple) => device.writeIdentity(triple, signal)),
    );
  } catch (error) {
    // A refusal or a lost reply proves nothing: the device itself is asked below.
    refusal = error;
  }
  let after: IdentityReading;
  let readFrom: string;
  try {
    after = await inTime('reading back', clock, (signal) => readIdentity(ledger, device, bound, signal));
    readFrom = await askWho();
  } catch (error) {
    ledger.doubt(bound, runId, 'written, but the device could not be read back');
    throw refusal ?? error;
  }
  if (readFrom !== order.chipId) {
    // It may be in the one, in the other, or in both: what the other holds of it, it must not keep.
    if (after.kind === 'holds' && sameName(after.name, bound))
      ledger.conflict(unitId, after, runId, `read back from another unit (${readFrom})`);
    else ledger.doubt(bound, runId, `read back from another unit (${readFrom})`);
    throw exchanged(order, readFrom);
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

/** Whoever takes a unit out while it is worked on must not give its identity to the next. */
function exchanged({ bound, chipId }: BurnRequest, found: string): Fault {
  return new Fault(
    'identity-conflict',
    `${bound.deviceName} is for unit ${chipId}, but ${found} is there now`,
    {
      hint: 'Do not change units while one is worked on; start both anew.',
      details: { deviceName: bound.deviceName, because: 'unit-exchanged', chipId, found },
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
