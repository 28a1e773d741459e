import { PASS_CLEARS_MS, type PromptView, type SlotView } from '#shared/contract/index.ts';
import type { RunEvent } from '../executor/index.ts';
import type { Prompt } from '../run-context/index.ts';

/** A slot before anything happened on it. */
export function readySlot(slot: number, portPath: string): SlotView {
  return { slot, portPath, state: 'ready', fault: null, run: null, acknowledged: true, clearsAtMs: null };
}

/** True when a new unit may be started on it. A PASS does not keep the next unit waiting; anything else does. */
export function isFree(view: SlotView): boolean {
  return view.state === 'ready' || (view.state === 'finished' && view.acknowledged);
}

/** The slot after an event of its run; pure, so that the screen and the tests see the same machine. */
/** @param nowMs wall clock, from which a PASS stands for a while; the run's own end may be of an older time of the clock */
export function advance(
  view: SlotView,
  event: RunEvent,
  serialNumber: string | null,
  nowMs: number,
): SlotView {
  if (event.kind === 'started') {
    return {
      ...readySlot(view.slot, view.portPath),
      state: 'running',
      run: {
        runId: event.runId,
        serialNumber,
        chipId: null,
        unitId: null,
        deviceName: null,
        startedAtMs: event.atMs,
        finishedAtMs: null,
        phase: null,
        step: null,
        progress: 0,
        outcome: null,
        failure: null,
        stopping: false,
        prompt: null,
      },
    };
  }
  const { run } = view;
  if (run === null) return view;
  switch (event.kind) {
    case 'unit':
      return { ...view, run: { ...run, chipId: event.chipId, unitId: event.unitId } };
    case 'identity':
      return { ...view, run: { ...run, deviceName: event.deviceName } };
    case 'phase':
      return { ...view, run: { ...run, phase: event.phase, step: null } };
    case 'step':
      return { ...view, run: { ...run, step: event.step, progress: event.progress } };
    case 'prompt':
      return { ...view, run: { ...run, prompt: event.prompt === null ? null : toView(event.prompt) } };
    case 'unrecorded':
      return { ...view, state: 'unavailable', fault: event.fault.toView() };
    case 'finished': {
      const { result } = event;
      const passed = result.outcome === 'PASS';
      return {
        ...view,
        state: 'finished',
        fault: null,
        acknowledged: passed,
        clearsAtMs: passed ? nowMs + PASS_CLEARS_MS : null,
        run: {
          ...run,
          chipId: result.chipId ?? run.chipId,
          unitId: result.unitId ?? run.unitId,
          deviceName: result.deviceName,
          finishedAtMs: result.finishedAtMs,
          progress: passed ? 1 : run.progress,
          outcome: result.outcome,
          failure:
            result.failure === null ? null : { ...result.failure, details: { ...result.failure.details } },
          stopping: false,
          prompt: null,
        },
      };
    }
  }
}

function toView(prompt: Prompt): PromptView {
  return { ...prompt, choices: prompt.choices.map((choice) => ({ ...choice })) };
}
