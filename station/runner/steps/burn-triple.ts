import type { BurnDecision, IdentityReading } from '#shared/domain/burn-decision.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/domain/recipe.ts';
import type { Bound } from '../../identity/index.ts';
import type { RunContext, UnitOnSlot } from '../run-context.ts';

/** Once the intent stands, the write is not interrupted by a stop: it is read back first. This bounds it. */
const SETTLE_TIMEOUT_MS = 60_000;

/**
 * Gives the unit its identity: ask the device, claim or take up its triple, make the intent durable, write, read
 * back. Whatever happens after the intent, the ledger ends up saying what the device holds, or that it does not know.
 */
export async function burnTriple(
  _step: StepOf<'burn-triple'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const unit = run.unit;
  if (unit === null) throw new Fault('recipe-invalid', 'burn-triple needs an identify step before it');
  const before = await readBack(run, run.ledger.boundTo(unit.unitId), signal);
  const decision = run.ledger.decide(unit.unitId, before);
  switch (decision.act) {
    case 'stop':
      return stop(run, unit, before, decision.because);
    case 'confirm': {
      const bound = run.ledger.boundTo(unit.unitId);
      if (bound === null) throw new Fault('ledger-violation', 'a triple to confirm is not bound');
      run.ledger.confirm(bound, run.runId, 'the device holds it already');
      return accept(run, bound);
    }
    case 'burn-same':
    case 'claim-and-burn': {
      const bound =
        run.ledger.boundTo(unit.unitId) ?? run.ledger.claim(run.recipe.product, unit.unitId, run.runId);
      run.setBound(bound);
      await run.device.prepareWrite(signal);
      return write(run, unit, bound, decision.act === 'burn-same' ? decision.because : 'new');
    }
  }
}

async function write(run: RunContext, unit: UnitOnSlot, bound: Bound, because: string): Promise<void> {
  await run.ledger.withSecret(bound, async (triple) => run.device.checkWritable(triple));
  const settled = AbortSignal.timeout(SETTLE_TIMEOUT_MS);
  run.ledger.intend(bound, run.runId, because);
  let refusal: unknown = null;
  try {
    await run.ledger.withSecret(bound, (triple) => run.device.writeIdentity(triple, settled));
  } catch (error) {
    // A refusal or a lost reply proves nothing: the device itself is asked below.
    refusal = error;
  }
  let after: IdentityReading;
  try {
    after = await readBack(run, bound, settled);
  } catch (error) {
    run.ledger.doubt(bound, run.runId, 'written, but the device could not be read back');
    throw refusal ?? error;
  }
  const decision = run.ledger.decide(unit.unitId, after);
  if (decision.act === 'confirm') {
    run.ledger.confirm(bound, run.runId, `read back (${run.device.readBack})`);
    return accept(run, bound);
  }
  if (decision.act === 'stop') return stop(run, unit, after, decision.because);
  if (after.kind === 'none') {
    run.ledger.absent(bound, run.runId, 'read back: the device holds nothing');
    throw refusal ?? mismatch(bound, 'the device says it holds no identity');
  }
  run.ledger.doubt(bound, run.runId, 'read back: the name is right, the secret is not');
  throw mismatch(bound, 'the device holds the name with another secret');
}

function accept(run: RunContext, bound: Bound): void {
  run.setBound(bound);
  run.setProof({ readBack: run.device.readBack });
}

function readBack(run: RunContext, bound: Bound | null, signal: AbortSignal): Promise<IdentityReading> {
  if (bound === null) return run.device.readIdentity(null, signal);
  return run.ledger.withSecret(bound, (triple) => run.device.readIdentity(triple, signal));
}

function stop(
  run: RunContext,
  unit: UnitOnSlot,
  reading: IdentityReading,
  because: Extract<BurnDecision, { act: 'stop' }>['because'],
): never {
  run.ledger.conflict(unit.unitId, reading, run.runId, because);
  run.setBound(null);
  const held = reading.kind === 'holds' ? reading.name.deviceName : null;
  throw new Fault(
    'identity-conflict',
    `the unit holds ${held ?? 'nothing'}, which contradicts the ledger (${because})`,
    {
      hint: 'Put the unit aside and take it to support.',
      details: { deviceName: held, because, chipId: unit.info.chipId },
    },
  );
}

function mismatch(bound: Bound, what: string): Fault {
  return new Fault('read-back-mismatch', `${bound.deviceName} was written, but ${what}`, {
    hint: 'Try once more; when it stays so, the unit is faulty.',
    details: { deviceName: bound.deviceName },
  });
}
