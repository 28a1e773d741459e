import type { PromptView, ScanResult, SlotView } from '#shared/contract/index.ts';
import { Fault, type FaultCode } from '#shared/domain/fault.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { longestWaitingFirst, parseScan, type Scan, targetPrompt } from '#shared/domain/scan/index.ts';
import { SAMPLE_CODE } from '../fixtures/wifi-code.ts';
import { drawBoard } from '../fixtures/images.ts';
import { failureView, promptView, type RunView, runView } from '../fixtures/slots.ts';
import type { Answers, MockStation } from '../mock-station.ts';

/**
 * What the operator's calls change on the slots, so that a page can be followed from a scan to a result. It knows
 * nothing of recipes, pools and repeated reads: a serial number begins with `SN`, and a run stands still until it is
 * changed.
 */
export const slotAnswers: Answers = {
  'slots.scan': ({ text }, { station }) => scan(station, parseScan(text)),
  'slots.reportUnusedScan': {},
  'slots.acknowledge': ({ slot }, { station }) => acknowledge(station, slot),
  'slots.stop': ({ slot }, { station }) => stop(station, slot),
  'slots.answer': ({ slot }, { station }) => {
    answer(station, slot);
    return {};
  },
  'slots.select': ({ slot }, { station }) => {
    station.publish('slots', { kind: 'selected', selected: slot });
    return {};
  },
  'recipes.picture': () => drawBoard(),
  'wifiCodes.shown': { ssid: SAMPLE_CODE.ssid, picture: SAMPLE_CODE.picture },
};

/** Changes one slot as a station would publish it. Faults: `slot-unknown`. */
export function changeSlot(station: MockStation, slot: number, changes: Partial<SlotView>): void {
  station.publish('slots', { kind: 'slot', slot: { ...slotOf(station, slot), ...changes } });
}

/** Changes the run of a slot that has one. */
export function changeRun(station: MockStation, slot: number, changes: Partial<RunView>): void {
  const { run } = slotOf(station, slot);
  if (run !== null) changeSlot(station, slot, { run: { ...run, ...changes } });
}

/** Opens a question on the run of a slot. */
export function ask(station: MockStation, slot: number, kind: PromptView['kind']): void {
  const askedAtMs = Date.now();
  const promptId = `prompt-${slot}-${askedAtMs}`;
  changeRun(station, slot, { prompt: promptView({ kind, promptId, askedAtMs }) });
}

/** Ends the run of a slot, with a failure of this code. A PASS is cleared after `clearsInMs`. */
export function finish(
  station: MockStation,
  slot: number,
  outcome: Outcome,
  code: FaultCode | null = null,
  clearsInMs = 5_000,
): void {
  const finishedAtMs = Date.now();
  const failure = code === null ? null : failureView({ code });
  changeRun(station, slot, { outcome, failure, finishedAtMs, progress: 1, phase: null, step: null });
  const passed = outcome === 'PASS';
  const clearsAtMs = passed ? finishedAtMs + clearsInMs : null;
  changeSlot(station, slot, { state: 'finished', acknowledged: passed, clearsAtMs });
}

function slotOf(station: MockStation, slot: number): SlotView {
  const found = station.state('slots').slots.find((one) => one.slot === slot);
  if (found !== undefined) return found;
  throw new Fault('slot-unknown', `there is no slot ${slot}`, { details: { slot } });
}

function isFree(slot: SlotView): boolean {
  return slot.state === 'ready' || (slot.state === 'finished' && slot.acknowledged);
}

function scan(station: MockStation, scanned: Scan): ScanResult {
  switch (scanned.kind) {
    case 'slot':
      slotOf(station, scanned.slot);
      station.publish('slots', { kind: 'selected', selected: scanned.slot });
      return { kind: 'selected', slot: scanned.slot };
    case 'stop':
      return { kind: 'stopping', ...stop(station, null) };
    case 'acknowledge':
      return { kind: 'acknowledged', ...acknowledge(station, null) };
    case 'serial':
      return scanned.serialNumber.startsWith('SN')
        ? start(station, scanned.serialNumber)
        : answerAsked(station, new Fault('serial-malformed', 'that is no serial number'));
    default:
      return answerAsked(station, new Fault('prompt-none', 'no slot asks for this answer'));
  }
}

/** Starts a run on the selected slot, else on the first that is free. */
function start(station: MockStation, serialNumber: string): ScanResult {
  const { slots, selected } = station.state('slots');
  const target = slots.find((one) => (selected === null ? isFree(one) : one.slot === selected));
  if (target === undefined || !isFree(target)) throw new Fault('slot-busy', 'the slot is in use');
  const startedAtMs = Date.now();
  const runId = `run-${target.slot}-${startedAtMs}`;
  const run = runView({ runId, serialNumber, startedAtMs });
  changeSlot(station, target.slot, { state: 'running', acknowledged: true, clearsAtMs: null, run });
  station.publish('slots', { kind: 'selected', selected: null });
  return { kind: 'started', slot: target.slot, runId };
}

/** Answers the question of the selected slot, else the one that has waited longest. */
function answerAsked(station: MockStation, refusal: Fault): ScanResult {
  const { slots, selected } = station.state('slots');
  const asking = slots.flatMap(({ slot, run }) =>
    run?.prompt == null ? [] : [{ slot, prompt: run.prompt }],
  );
  const target = targetPrompt(longestWaitingFirst(asking), selected);
  if (target === null) throw refusal;
  return answer(station, target.slot);
}

function answer(station: MockStation, slot: number): ScanResult {
  changeRun(station, slot, { prompt: null });
  if (station.state('slots').selected === slot)
    station.publish('slots', { kind: 'selected', selected: null });
  return { kind: 'answered', slot };
}

/** Acknowledges the result that has waited longest. */
function acknowledge(station: MockStation, slot: number | null): { slots: number[] } {
  const [first] = station
    .state('slots')
    .slots.filter((one) => !one.acknowledged && (slot === null || one.slot === slot))
    .sort((a, b) => (a.run?.finishedAtMs ?? 0) - (b.run?.finishedAtMs ?? 0));
  if (first === undefined) return { slots: [] };
  changeSlot(station, first.slot, { state: 'ready', acknowledged: true, run: null });
  return { slots: [first.slot] };
}

function stop(station: MockStation, slot: number | null): { slots: number[] } {
  const running = station
    .state('slots')
    .slots.filter((one) => one.state === 'running' && (slot === null || one.slot === slot));
  for (const one of running) changeRun(station, one.slot, { stopping: true });
  return { slots: running.map((one) => one.slot) };
}
