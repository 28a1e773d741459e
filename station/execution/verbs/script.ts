import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { createMatchingBudget } from '../scripts/index.ts';
import type { Measurement, RunContext } from '../run-context/index.ts';
import { requireWithinLimits } from './evaluate.ts';
import { performCall, type ScriptState } from './script-calls.ts';
import { ScriptFiles } from './script-files.ts';

/** Runs a script of the recipe. Its measurements are evaluated at its end, so that it can take all of them. */
export async function script(step: StepOf<'script'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const bytes = run.files.get(step.file);
  if (bytes === undefined) throw new Fault('recipe-invalid', `the recipe has no file ${step.file}`);
  const measurements: Measurement[] = [];
  const budget = createMatchingBudget(step.file);
  const sends = new Sequencer();
  // In order; a message that has not begun when the signal fires is not sent.
  const send: ScriptState['send'] = (serial, data, ended) => sends.run(() => serial.send(data, ended), ended);
  const state: ScriptState = { measurements, budget, files: new ScriptFiles(), send };
  const options = Object.fromEntries(
    Object.entries(step.with).map(([key, value]) => [
      key,
      typeof value === 'string' ? run.scope.text(value) : value,
    ]),
  );
  await run.scripts
    .run(
      {
        file: step.file,
        bytes,
        options,
        unit: {
          serialNumber: run.serialNumber,
          chipId: run.unit?.info.chipId ?? null,
          model: run.unit?.info.model ?? null,
          firmwareVersion: run.unit?.info.firmwareVersion ?? null,
          deviceName: run.bound?.deviceName ?? null,
        },
      },
      {
        log: (text) => run.note(`script | ${text.trimEnd()}`),
        busy: () => run.io.busy(),
        stepsTaken: () => budget.takeSpent(),
        perform: (call, inScript) => performCall(call, step, run, state, inScript),
      },
      signal,
    )
    .finally(() => {
      // Also those that were taken before it failed.
      for (const measurement of measurements) run.measure(measurement);
    });
  requireWithinLimits(measurements);
}
