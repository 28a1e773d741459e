import { ledgerNote, type LedgerNoteCode } from '#shared/domain/ledger-note.ts';
import { Deadline } from '#node-kit/async/index.ts';
import { type IdentityReading, sameName } from '#shared/domain/burn-decision.ts';
import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { ReadBackStrength } from '#shared/domain/read-back.ts';
import type { Clock } from '../core/platform/index.ts';
import type { Triple } from '#shared/domain/triple.ts';
import type { DeviceSession } from '../devices/protocols/index.ts';
import type { BoundTriple, Ledger } from './ledger.ts';

/**
 * Limit of each identification, of the write, and of the read-back. After the intent is stored, neither a stop nor the
 * limit of the step interrupts: the device is read back first.
 */
const SETTLE_TIMEOUT_MS = 60_000;
const READ_BACK_NOTES = {
  full: 'readFull',
  sha256: 'readSha256',
  md5: 'readMd5',
  crc32: 'readCrc32',
  bcc8: 'readChecksum',
  name: 'readNameOnly',
  none: 'readName',
} as const satisfies Record<ReadBackStrength, LedgerNoteCode>;

export interface BurnRequest {
  readonly clock: Clock;
  readonly ledger: Ledger;
  readonly device: DeviceSession;
  readonly unitId: number;
  /** The chip id that the unit answered when the triple was bound to it. */
  readonly chipId: string;
  readonly bound: BoundTriple;
  /** The run, or the return. */
  readonly runId: string;
  /** The device's identity before: the same afterwards means that nothing was written. */
  readonly before: IdentityReading;
  /** Stored with the intent. */
  readonly note: string;
  /**
   * Has the unit get the triple itself, in place of `writeIdentity`. A unit that holds nothing afterwards may still get it later, so that
   * the triple is in doubt.
   */
  readonly register?: ((triple: Triple, signal: AbortSignal) => Promise<void>) | undefined;
  /** Ends the work before the intent is stored; later it has no effect. */
  readonly signal?: AbortSignal;
}

/**
 * Writes a claimed triple into its unit: the unit is identified once more, the intent is stored durably, the bytes are
 * sent, the device is read back. Returns when the device holds the triple. In every other case the ledger records what the
 * device holds, or that it is in doubt.
 * Faults: those of `DeviceSession`, `timeout`, `read-back-mismatch`, `identity-conflict`; the signal's reason.
 */
export async function burnIdentity(request: BurnRequest): Promise<void> {
  const { clock, ledger, device, unitId, bound, runId } = request;
  const readChipId = (outer?: AbortSignal): Promise<string> =>
    withLimit('identifying the unit', clock, async (signal) => (await device.identify(signal)).chipId, outer);
  await ledger.withSecret(bound, async (triple) => device.checkWritable(triple));
  const chipId = await readChipId(request.signal);
  if (chipId !== request.chipId) throw unitExchanged(request, chipId);
  if (request.signal !== undefined) throwIfAborted(request.signal);
  ledger.intend(bound, runId, request.note);
  let refusal: unknown = null;
  try {
    await withLimit('writing the identity', clock, (signal) =>
      ledger.withSecret(bound, (triple) =>
        request.register === undefined
          ? device.writeIdentity(triple, signal)
          : request.register(triple, signal),
      ),
    );
  } catch (error) {
    // A refusal or a lost reply does not say what the device holds: it is read back below.
    refusal = error;
  }
  let after: IdentityReading;
  let readFrom: string;
  try {
    after = await withLimit('reading the identity back', clock, (signal) =>
      readIdentity(ledger, device, bound, signal),
    );
    readFrom = await readChipId();
  } catch (error) {
    ledger.doubt(bound, runId, ledgerNote('silent'));
    throw refusal ?? error;
  }
  if (readFrom !== request.chipId) {
    // The triple may be in one of the units, or in both.
    if (after.kind === 'holds' && sameName(after.name, bound))
      ledger.conflict(unitId, after, runId, ledgerNote('otherUnit', { unit: readFrom }));
    else ledger.doubt(bound, runId, ledgerNote('otherUnit', { unit: readFrom }));
    throw unitExchanged(request, readFrom);
  }
  if (after.kind === 'holds' && sameName(after.name, bound)) {
    // A read-back of the name alone cannot show whether the secret of a failed write arrived.
    if (after.secretMatches === null && refusal !== null) {
      ledger.doubt(bound, runId, ledgerNote('readNameUnsure'));
      throw refusal;
    }
    if (after.secretMatches !== false)
      return ledger.confirm(bound, runId, ledgerNote(READ_BACK_NOTES[device.readBack]));
    ledger.doubt(bound, runId, ledgerNote('readWrongSecret'));
    throw mismatch(bound, 'the device holds the name with another secret');
  }
  if (after.kind === 'none') {
    if (request.register === undefined) ledger.absent(bound, runId, ledgerNote('readNothing'));
    else ledger.doubt(bound, runId, ledgerNote('readNothing'));
    throw refusal ?? mismatch(bound, 'the device answers that it holds no identity');
  }
  if (request.before.kind === 'holds' && sameName(request.before.name, after.name)) {
    ledger.absent(bound, runId, ledgerNote('readOld'));
    throw refusal ?? mismatch(bound, 'the device still holds its old identity');
  }
  ledger.conflict(unitId, after, runId, ledgerNote('readOther'));
  throw new Fault(
    'identity-conflict',
    `${bound.deviceName} was written, but the device holds ${after.name.deviceName}`,
    {
      hint: 'Put the unit aside and take it to support.',
      details: { deviceName: after.name.deviceName, because: 'holds-other' },
    },
  );
}

/** Another unit is on the slot than the one that the triple is for. */
function unitExchanged({ bound, chipId }: BurnRequest, found: string): Fault {
  return new Fault(
    'identity-conflict',
    `${bound.deviceName} is for unit ${chipId}, but ${found} is there now`,
    {
      hint: 'Do not exchange units during a run. Start both again.',
      details: { deviceName: bound.deviceName, because: 'unit-exchanged', chipId, found },
    },
  );
}

async function withLimit<T>(
  activity: string,
  clock: Clock,
  work: (signal: AbortSignal) => Promise<T>,
  outer?: AbortSignal,
): Promise<T> {
  const fault = (): Fault => new Fault('timeout', `${activity} did not end in ${SETTLE_TIMEOUT_MS} ms`);
  using deadline = new Deadline(SETTLE_TIMEOUT_MS, fault, { timer: clock, signal: outer });
  return await work(deadline.signal);
}

/** Reads the identity of the device and compares it with the bound one, as far as the protocol allows. Faults: those of `DeviceSession`. */
export function readIdentity(
  ledger: Ledger,
  device: DeviceSession,
  bound: BoundTriple | null,
  signal: AbortSignal,
): Promise<IdentityReading> {
  if (bound === null) return device.readIdentity(null, signal);
  return ledger.withSecret(bound, (triple) => device.readIdentity(triple, signal));
}

function mismatch(bound: BoundTriple, what: string): Fault {
  return new Fault('read-back-mismatch', `${bound.deviceName} was written, but ${what}`, {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    details: { deviceName: bound.deviceName },
  });
}
