import type { DeviceSettings } from '../device.ts';
import { ownWaitOf, TEARDOWN_TIMEOUT_MS } from '../step.ts';
import type { Mistake } from '../mistake.ts';
import type { PhaseView, StepView, RecipeView } from './view.ts';

/** Limits of time that end before the waits that they are for. Only waits that the recipe writes are counted. */
export function* timeMistakes({ device, phases }: RecipeView): Iterable<Mistake> {
  let teardownMs = 0;
  for (const phase of phases) {
    for (const placed of phase.steps) yield* ofStep(placed, device);
    yield* ofPhase(phase, device);
    if (phase.kind !== 'teardown') continue;
    for (const { path, step } of phase.steps) {
      if (step?.verb !== 'wait') continue;
      teardownMs += step.ms;
      if (teardownMs <= TEARDOWN_TIMEOUT_MS) continue;
      yield {
        path: [...path, 'ms'],
        message: `with this the waits of teardown take ${teardownMs} ms; all its phases together have ${TEARDOWN_TIMEOUT_MS} ms`,
      };
    }
  }
}

function* ofStep(placed: StepView, device: DeviceSettings | null): Iterable<Mistake> {
  const { path, step } = placed;
  const { key, ms } = writtenWait(placed, device);
  // The default limit always leaves room for the wait.
  if (step?.timeoutMs === undefined || step.timeoutMs >= ms) return;
  yield {
    path: [...path, 'timeoutMs'],
    message: `${step.timeoutMs} ms are over before ${key} (${ms} ms): make timeoutMs longer, or ${key} shorter`,
  };
}

function* ofPhase({ path, timeoutMs, steps }: PhaseView, device: DeviceSettings | null): Iterable<Mistake> {
  if (timeoutMs === null) return;
  const waits = steps.map((placed) => ({ name: placed.name, ...writtenWait(placed, device) }));
  const longest = waits.reduce((max, one) => (one.ms > max.ms ? one : max), { name: '', key: '', ms: 0 });
  const fixedMs = steps.reduce((sum, { step }) => sum + (step?.verb === 'wait' ? step.ms : 0), 0);
  const over = `${timeoutMs} ms are over before`;
  if (longest.ms > timeoutMs)
    yield {
      path: [...path, 'timeoutMs'],
      message: `${over} ${longest.key} of ${longest.name} (${longest.ms} ms): make timeoutMs longer`,
    };
  else if (fixedMs > timeoutMs)
    yield {
      path: [...path, 'timeoutMs'],
      message: `${over} the waits of this phase, which take ${fixedMs} ms together: make timeoutMs longer`,
    };
}

/** The wait that a step's own keys set, and these keys; 0 ms without such a key. */
function writtenWait(
  { step, keys }: StepView,
  device: DeviceSettings | null,
): { readonly key: string; readonly ms: number } {
  if (step === null) return { key: '', ms: 0 };
  const wait = ownWaitOf(step, device);
  const isWritten = wait.keys.length === 0 || wait.keys.some((key) => keys.includes(key));
  return { key: wait.label ?? wait.keys.join(' and '), ms: isWritten ? wait.ms : 0 };
}
