import { checkText as text } from '../texts/check-texts.ts';
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
        message: text('teardown-too-long', teardownMs, TEARDOWN_TIMEOUT_MS),
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
    message: text('step-time-short', step.timeoutMs, key, ms),
  };
}

function* ofPhase({ path, timeoutMs, steps }: PhaseView, device: DeviceSettings | null): Iterable<Mistake> {
  if (timeoutMs === null) return;
  const waits = steps.map((placed) => ({ name: placed.name, ...writtenWait(placed, device) }));
  const longest = waits.reduce((max, one) => (one.ms > max.ms ? one : max), { name: '', key: '', ms: 0 });
  const fixedMs = steps.reduce((sum, { step }) => sum + (step?.verb === 'wait' ? step.ms : 0), 0);
  if (longest.ms > timeoutMs)
    yield {
      path: [...path, 'timeoutMs'],
      message: text('phase-time-short', timeoutMs, longest.key, longest.name, longest.ms),
    };
  else if (fixedMs > timeoutMs)
    yield {
      path: [...path, 'timeoutMs'],
      message: text('phase-waits-long', timeoutMs, fixedMs),
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
