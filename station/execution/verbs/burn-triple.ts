import { ledgerNote } from '#shared/domain/ledger-note.ts';
import type { BurnDecision, IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { IdentityState } from '#shared/domain/identity.ts';
import { mayMissWrongSecret } from '#shared/domain/read-back.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { type BoundTriple, burnIdentity, readIdentity } from '../../identity/index.ts';
import { protectSecretOf, recordClaimedTriple, recordLedgerPlace } from '../run-context/index.ts';
import type { RunContext, UnitOnSlot } from '../run-context/index.ts';
import { byRegistration, type GiveTriple } from './registration.ts';
import { leaveLoader } from './leave-loader.ts';

/**
 * Gives the unit its identity: reads the identity that it holds, claims a triple or takes the one that is bound to it,
 * records the intent, writes, reads back. After the intent, the ledger ends with what the unit holds, or with `in-doubt`.
 */
export async function burnTriple(
  step: StepOf<'burn-triple'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  await giveIdentity(step, run, signal);
  await leaveLoader(step, run, signal);
}

async function giveIdentity(
  step: StepOf<'burn-triple'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const unit = run.unit;
  if (unit === null) throw new Fault('recipe-invalid', 'burn-triple needs an identify step before it');
  await protectSecretOf(run, unit.unitId);
  const before = await readIdentity(run.ledger, run.device, run.ledger.boundTo(unit.unitId), signal);
  if (before.kind === 'holds') recordLedgerPlace(run.io, run.ledger, before.name, unit.unitId);
  const decision = run.ledger.decide(unit.unitId, run.serialNumber, before);
  // Before a triple is claimed: without the product secret nothing can be done.
  const registerOf = async (): Promise<GiveTriple | undefined> =>
    step.by === 'registration' ? await byRegistration(run, signal) : undefined;
  switch (decision.act) {
    case 'stop':
      return stop(run, unit, before, decision.because);
    case 'confirm': {
      const bound = run.ledger.boundTo(unit.unitId);
      if (bound === null) throw new Fault('ledger-violation', 'a triple to confirm is not bound');
      const { readBack } = run.device;
      // After a crash nobody knows whether the secret was written, when the name alone can be read.
      const isUnsure =
        readBack === 'name' && stateOf(run, unit) !== 'burned' && stateOf(run, unit) !== 'registered';
      if (isUnsure || (mayMissWrongSecret(readBack) && failedToLogIn(run, unit)))
        return write(run, unit, bound, { before, because: 'unproven', register: await registerOf() }, signal);
      run.ledger.confirm(bound, run.runId, ledgerNote('held'));
      return accept(run, bound);
    }
    case 'burn-same':
    case 'claim-and-burn': {
      const register = await registerOf();
      const bound = run.ledger.boundTo(unit.unitId) ?? (await claim(run, unit));
      const because = decision.act === 'burn-same' ? decision.because : 'new';
      return write(run, unit, bound, { before, because, register }, signal);
    }
  }
}

/** Releases a triple that this device can never take before anything is sent, so that the next unit gets it. */
async function claim(run: RunContext, unit: UnitOnSlot): Promise<BoundTriple> {
  const bound = run.ledger.claim(run.recipe.product, unit.unitId, run.runId, run.serialNumber);
  recordClaimedTriple(run.io, run.ledger, bound);
  try {
    await run.ledger.withSecret(bound, async (triple) => run.device.checkWritable(triple));
  } catch (error) {
    run.ledger.release(bound, run.runId, ledgerNote('unfit'));
    throw error;
  }
  return bound;
}

async function write(
  run: RunContext,
  unit: UnitOnSlot,
  bound: BoundTriple,
  how: {
    readonly before: IdentityReading;
    readonly because: string;
    readonly register: GiveTriple | undefined;
  },
  signal: AbortSignal,
): Promise<void> {
  run.setBound(bound);
  await run.device.prepareWrite(signal);
  const { ledger, device, runId } = run;
  const { clock } = run.platform;
  const { unitId, info } = unit;
  await burnIdentity({
    clock,
    ledger,
    device,
    unitId,
    chipId: info.chipId,
    bound,
    runId,
    before: how.before,
    note: how.because,
    register: how.register,
    signal,
  });
  accept(run, bound);
}

/** The ledger's state of the unit's triple. */
function stateOf({ database }: RunContext, { unitId }: UnitOnSlot): IdentityState | null {
  return database.triples.findLiveOfUnit(unitId)?.state ?? null;
}

/**
 * True when the last run of the unit failed at the login. A read-back that sees eight bits of the secret is wrong one time
 * in 256, and only the login finds out; the same triple is then written again.
 */
function failedToLogIn(run: RunContext, unit: UnitOnSlot): boolean {
  const last = run.database.runs.listOfUnit(unit.unitId).findLast((row) => row.outcome !== null);
  return last?.failure?.code === 'not-online';
}

function accept(run: RunContext, bound: BoundTriple): void {
  run.setBound(bound);
  run.setHeld(bound);
  run.setProof({ readBack: run.device.readBack });
}

function stop(
  run: RunContext,
  unit: UnitOnSlot,
  reading: IdentityReading,
  because: Extract<BurnDecision, { act: 'stop' }>['because'],
): never {
  if (because === 'other-serial') throw otherSerial(run, unit);
  run.ledger.conflict(unit.unitId, reading, run.runId, because);
  run.setBound(null);
  const heldName = reading.kind === 'holds' ? reading.name.deviceName : null;
  throw new Fault(
    'identity-conflict',
    `the unit holds ${heldName ?? 'nothing'}, which contradicts the ledger (${because})`,
    {
      hint: 'Put the unit aside and take it to support.',
      details: { deviceName: heldName, because, chipId: unit.info.chipId },
    },
  );
}

/** The triple is not quarantined: it belongs to the unit that had it before. */
function otherSerial({ serialNumber, database, ledger }: RunContext, { unitId, info }: UnitOnSlot): Fault {
  const bound = ledger.boundTo(unitId);
  const lastSerial = bound === null ? null : database.runs.findLastSerialNumberWith(unitId, bound.tripleId);
  return new Fault(
    'serial-conflict',
    `unit ${info.chipId} was given ${bound?.deviceName ?? 'an identity'} as ${lastSerial ?? 'another'}, and holds none as ${serialNumber ?? 'none'}`,
    {
      hint: 'Two units may have this MAC, or a label is on the wrong one: take it to support.',
      details: { serialNumber, chipId: info.chipId, known: lastSerial, because: 'other-serial' },
    },
  );
}
