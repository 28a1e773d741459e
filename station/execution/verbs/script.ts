import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { createMatchingBudget } from '../scripts/index.ts';
import type { Measured, RunContext } from '../run-context/index.ts';
import { judge } from './evaluate.ts';
import { performCall, type Shared } from './script-calls.ts';

/** Runs a script of the recipe; what it measures is judged when it is over, so that it always measures everything. */
export async function script(step: StepOf<'script'>, run: RunContext, signal: AbortSignal): Promise<void> {
  const bytes = run.files.get(step.file);
  if (bytes === undefined) throw new Fault('recipe-invalid', `the recipe has no file ${step.file}`);
  const measured: Measured[] = [];
  const work = createMatchingBudget(step.file);
  const sends = new Sequencer();
  // One at a time, in order. What has not begun when the signal fires is not sent, so that a script leaves nothing behind
  // for the next user of the port.
  const send: Shared['send'] = (data, ended) => sends.run(() => run.serial.send(data, ended), ended);
  const shared: Shared = { measured, work, send };
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
        worked: () => work.taken(),
        perform: (call, inScript) => performCall(call, step, run, shared, inScript),
      },
      signal,
    )
    .finally(() => {
      // Also what was measured before it failed.
      for (const value of measured) run.measure(value);
    });
  judge({ measure: () => undefined }, measured);
}
