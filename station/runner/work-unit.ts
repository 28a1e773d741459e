import { Fault } from '#shared/domain/fault.ts';
import { type Phase, type Step, stepName } from '#shared/domain/recipe/index.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { Bound } from '../identity/index.ts';
import { type OpenDevice, openDevice } from '../protocols/index.ts';
import { createRecorder, type Recorder, recordingFile } from '../recordings/index.ts';
import { type Attempt, execute, type Verdict } from './execute.ts';
import { meetUnit } from './meet-unit.ts';
import type { ResumePoint } from './resume.ts';
import type { Measured, RunContext, UnitOnSlot } from './run-context.ts';
import type { RunEvent } from './run-events.ts';
import { RunBle } from './run-ble.ts';
import { RunScope } from './run-scope.ts';
import type { RunnerParts, RunOrder } from './run-order.ts';
import { performStep } from './steps/index.ts';

export interface Work {
  readonly runId: string;
  readonly startedAt: number;
  readonly order: RunOrder;
  /** Where a run that is taken up again goes on; `null` for a new one. */
  readonly resume: ResumePoint | null;
  readonly emit: (event: RunEvent) => void;
}

/**
 * Opens what a run needs (recording, port), does the recipe, and lets go of all of it. Every step's attempt is in the
 * record when the next begins.
 */
export async function workUnit(parts: RunnerParts, work: Work, signal: AbortSignal): Promise<Verdict> {
  const { platform, store, ledger } = parts;
  const { runId, order, resume, emit } = work;
  const { recipe, files, hash } = order.recipe;
  using stack = new DisposableStack();
  const recorder = stack.use(
    createRecorder(
      // What was recorded before the crash stays as it is.
      recordingFile(platform.paths.dataDir, resume === null ? runId : `${runId}.${resume.times}`),
      { run: runId, slot: order.slot, port: order.portPath, recipe: hash, at: work.startedAt },
      platform.clock,
    ),
  );
  await using port = await platform.serialPorts.open(order.portPath, recipe.device.serial, signal);
  const device = openDevice(recorder.wrap(port), recipe.device, {
    clock: platform.clock,
    protect: (forms) => recorder.protect(forms),
  });
  return await perform(device, recorder);

  async function perform({ session, wire, matcher }: OpenDevice, recorder: Recorder): Promise<Verdict> {
    let unit: UnitOnSlot | null = null;
    let overBle = false;
    await using ble = new RunBle({
      central: platform.ble,
      recipe,
      serialNumber: order.serialNumber,
      chipId: () => unit?.info.chipId ?? null,
      note: (text) => recorder.mark(text),
    });
    const scope = new RunScope(ble.words, resume?.variables);
    let bound: Bound | null = null;
    let proof: IdentityProof = resume?.proof ?? { readBack: 'none', online: 'none' };
    let measured: Measured[] = [];
    let seq = resume?.nextSeq ?? 0;
    const context: RunContext = {
      runId,
      slot: order.slot,
      recipe,
      files,
      serialNumber: order.serialNumber,
      platform,
      store,
      ledger,
      registry: parts.registry(),
      device: session,
      wire,
      matcher,
      ble,
      scope,
      get unit() {
        return unit;
      },
      get bound() {
        return bound;
      },
      meetUnit(info) {
        if (unit?.info.chipId !== info.chipId) stack.use(parts.reserveUnit(info.chipId, order.slot));
        const { serialNumber } = order;
        const chipId = resume?.chipId ?? null;
        unit = meetUnit(store, { runId, serialNumber, chipId }, info, platform.clock.nowMs());
        emit({ kind: 'unit', runId, chipId: info.chipId });
        return unit;
      },
      setBound(next) {
        bound = next;
        store.transaction(() => store.runs.setTriple(runId, next?.tripleId ?? null));
        emit({ kind: 'identity', runId, deviceName: next?.deviceName ?? null });
      },
      setProof(change) {
        proof = { ...proof, ...change };
        store.record(() => store.runs.setProof(runId, proof));
      },
      measure: (value) => void measured.push(value),
      note: (text) => recorder.mark(text),
      async ask(asked, answerMs, stepSignal) {
        const nowMs = platform.clock.nowMs();
        const prompt = {
          ...asked,
          promptId: platform.random.id(),
          askedAtMs: nowMs,
          endsAtMs: nowMs + answerMs,
        };
        emit({ kind: 'prompt', runId, prompt });
        try {
          const answer = await parts.ask(order.slot, prompt, answerMs, stepSignal);
          recorder.mark(`operator = ${answer}`);
          return answer;
        } finally {
          emit({ kind: 'prompt', runId, prompt: null });
        }
      },
      board(use, stepSignal) {
        const { board } = recipe.device;
        if (board === undefined || order.boardPath === null) throw noBoard(order.slot);
        const channel = board.channel ?? board.firstChannel + order.slot - 1;
        return parts.boards.use(order.boardPath, board.kind, (opened) => use(opened, channel), stepSignal);
      },
    };
    const wanted = (phase: Phase, step: Step): boolean => {
      if (resume?.done.has(`${phase.name}/${stepName(step)}`) === true) {
        recorder.mark(`step ${stepName(step)} was done before`);
        return false;
      }
      if (step.runIf === undefined || scope.holds(step.runIf)) return true;
      recorder.mark(`step ${stepName(step)} skipped: its condition does not hold`);
      return false;
    };
    const verdict = await execute(
      recipe,
      {
        log: platform.log,
        clock: platform.clock,
        wanted,
        enterPhase(phase, index) {
          recorder.mark(`phase ${phase.name}`);
          overBle = phase.steps.some(({ verb }) => verb.startsWith('ble-'));
          const { name, title = null } = phase;
          emit({ kind: 'phase', runId, phase: { name, title, index, count: recipe.phases.length } });
        },
        enterStep(_phase, step, done, all) {
          recorder.mark(`step ${stepName(step)}`);
          const { title = null } = step;
          emit({ kind: 'step', runId, step: { name: stepName(step), title }, progress: done / all });
        },
        async perform(step, stepSignal) {
          measured = [];
          if (!overBle) await ble.leave();
          return performStep(step, context, stepSignal);
        },
        recordAttempt(attempt: Attempt) {
          const step = { seq: seq++, ...attempt, captured: scope.takeCaptured() };
          store.record(() => store.runs.addStep(runId, step, measured));
        },
      },
      signal,
    );
    // Nobody could find out later how a unit passed whose recording has a hole.
    if (verdict.outcome === 'PASS') recorder.check();
    return verdict;
  }
}

function noBoard(slot: number): Fault {
  return new Fault('not-configured', `slot ${slot} has no relay board`, {
    hint: 'Start the station with --board PATH, the port of the fixture’s board.',
    details: { slot },
  });
}
