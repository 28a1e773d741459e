import { Fault } from '#shared/domain/fault.ts';
import { isIdentifiedByLoader, type StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { unitExchanged } from '../../devices/protocols/index.ts';
import { protectSecretOf, type RunContext } from '../run-context/index.ts';
import { leaveLoader } from './leave-loader.ts';

/**
 * Asks the unit for its chip id, model and firmware, and fails one of another model or firmware. Faults: those of
 * `DeviceSession.identify` and of `RunContext.identifyUnit`; `identity-conflict` when the run has flashed another unit,
 * `limit-exceeded`.
 */
export async function identify(
  step: StepOf<'identify'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const info = await run.device.identify(signal);
  const { flashedChip, recipe } = run;
  // The console of a unit may tell another address of its chip; only the loader tells the same one always.
  if (flashedChip !== null && flashedChip !== info.chipId && isIdentifiedByLoader(recipe.device))
    throw unitExchanged(flashedChip, info.chipId);
  const { unitId } = run.identifyUnit(info);
  await protectSecretOf(run, unitId);
  expectMatch(run, 'model', info.model, step.model);
  expectMatch(run, 'firmware', info.firmwareVersion, step.firmware);
  await leaveLoader(step, run, signal);
}

function expectMatch(run: RunContext, name: string, value: string | null, pattern: string | undefined): void {
  const isMatch = pattern === undefined || (value !== null && compilePattern(pattern).test(value));
  if (value !== null) {
    run.measure({
      name,
      value,
      unit: null,
      limits: pattern === undefined ? '' : `~ /${pattern}/`,
      outcome: isMatch ? 'PASS' : 'FAIL',
    });
  }
  if (isMatch) return;
  throw new Fault('limit-exceeded', `the unit's ${name} is ${value ?? 'unknown'}, not /${pattern}/`, {
    hint: 'This unit does not belong to this recipe.',
    details: { measurement: name, value, limits: pattern ?? '' },
  });
}
