import { PASS_CLEARS_MS, type SlotView } from '#shared/contract/index.ts';
import { unitIdOrNull } from '#shared/domain/unit-id.ts';
import type { RunRow } from '../../core/database/index.ts';
import type { RunEvent } from '../executor/index.ts';
import type { Prompt } from '../run-context/index.ts';

/** A slot on which nothing has happened yet. */
export function readySlot(slot: number, portPath: string): SlotView {
  return { slot, portPath, state: 'ready', fault: null, run: null, acknowledged: true, clearsAtMs: null };
}

/** The run of a unit that passed, as its record has it. */
export function passedRunView(run: RunRow): NonNullable<SlotView['run']> {
  const { runId, serialNumber, chipId, deviceName, startedAtMs, finishedAtMs } = run;
  return {
    runId,
    serialNumber,
    chipId,
    unitId: unitIdOrNull(run),
    deviceName,
    startedAtMs,
    finishedAtMs,
    phase: null,
    step: null,
    progress: 1,
    flash: null,
    outcome: 'PASS',
    failure: null,
    stopping: false,
    prompt: null,
  };
}

/** True when a unit may start on it. A PASS needs no acknowledgement; any other result does. */
export function isFree(view: SlotView): boolean {
  return view.state === 'ready' || (view.state === 'finished' && view.acknowledged);
}

/**
 * The slot after an event of its run, without its prompt.
 *
 * @param nowMs wall clock, from which on a PASS is shown; the run counts its end from its start, and the clock may have
 * been set since
 */
export function applyRunEvent(
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
        flash: null,
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
    case 'waiting':
      return { ...view, run: { ...run, waitsFor: event.names } };
    case 'flash':
      return { ...view, run: { ...run, flash: event.progress } };
    case 'prompt':
      // `Prompts` has it: see `withPrompt`.
      return view;
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
          flash: null,
          outcome: result.outcome,
          failure:
            result.failure === null ? null : { ...result.failure, details: { ...result.failure.details } },
          stopping: false,
        },
      };
    }
  }
}

/** The slot with the prompt that is open on it. */
export function withPrompt(view: SlotView, prompt: Prompt | null): SlotView {
  if (view.run === null || prompt === null) return view;
  return {
    ...view,
    run: { ...view.run, prompt: { ...prompt, choices: prompt.choices.map((choice) => ({ ...choice })) } },
  };
}

/** The slot with the Wi-Fi code that it shows. */
export function withCode(view: SlotView, code: NonNullable<SlotView['run']>['code'] | null): SlotView {
  return view.run === null || code == null ? view : { ...view, run: { ...view.run, code } };
}
