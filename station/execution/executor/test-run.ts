import { Fault } from '#shared/domain/fault.ts';
import { outcomeOfFault } from '#shared/domain/outcome.ts';
import { type Phase, relayOf, type Step, stepName } from '#shared/recipe/index.ts';
import { unitIdOf } from '#shared/domain/unit-id.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { Bound } from '../../identity/index.ts';
import { type OpenDevice, openDevice } from '../../devices/protocols/index.ts';
import { type AttemptJson, type Json, type RunIo, withRunIo } from '../recording/index.ts';
import { asFault, type Attempt, execute, toFailure, type Verdict } from './execute.ts';
import { noteUnit } from '../run-context/index.ts';
import { recordRun } from './record-run.ts';
import { identifyUnit } from './identify-unit.ts';
import type { Measured, RunContext, UnitOnSlot } from '../run-context/index.ts';
import { RunBle } from '../run-context/index.ts';
import { RunScope } from '../run-context/index.ts';
import type { RunServices, Work } from './run-request.ts';
import { performStep } from '../verbs/index.ts';

/**
 * Opens what a run needs (recording, port), does the recipe, and lets go of all of it. Every step's attempt is in the
 * record when the next begins.
 */
export async function testRun(parts: RunServices, work: Work, signal: AbortSignal): Promise<Verdict> {
  const { database, ledger } = parts;
  const { runId, order, resume, emit } = work;
  const { recipe, files } = order.recipe;
  if (recipe.phases.some(({ steps }) => steps.some(({ verb }) => verb === 'script'))) parts.scripts.prepare();
  using stack = new DisposableStack();
  const io = stack.use(parts.io ?? recordRun(parts, work));
  const { platform, registry, relayBoards } = withRunIo(
    io,
    { platform: parts.platform, registry: parts.registry(), relayBoards: parts.relayBoards },
    parts.io !== undefined,
  );
  const stop = io.watchStop(signal);
  const verdict = await talk().catch((error: unknown): Verdict => {
    const fault = asFault(error, platform.log);
    return { outcome: outcomeOfFault(fault.code), failure: toFailure(fault, '', 'open') };
  });
  const masked = io.mask.maskJson(verdict);
  io.recordOutcome(masked);
  return masked;

  async function talk(): Promise<Verdict> {
    await using port = await platform.devicePorts.open(order.portPath, recipe.device.serial, stop);
    const device = openDevice(port, recipe.device, {
      clock: platform.clock,
      mask: io.mask,
    });
    return await perform(device);
  }

  async function perform({ session, serial }: OpenDevice): Promise<Verdict> {
    let unit: UnitOnSlot | null = null;
    let overBle = false;
    await using ble = new RunBle({
      central: platform.ble,
      recipe,
      serialNumber: order.serialNumber,
      chipId: () => unit?.info.chipId ?? null,
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
      io,
      database,
      ledger,
      registry,
      tellsLogins: parts.tellsLogins ?? true,
      device: session,
      serial,
      ble,
      scripts: parts.scripts,
      fonts: parts.fonts,
      scope,
      get unit() {
        return unit;
      },
      get bound() {
        return bound;
      },
      identifyUnit(info) {
        noteUnit(io, { database, ledger }, info.chipId, order.serialNumber);
        const { serialNumber } = order;
        const chipId = resume?.chipId ?? null;
        const met = identifyUnit(database, { runId, serialNumber, chipId }, info, platform.clock.nowMs());
        // After the record, so that support finds both runs of a MAC that is on two slots.
        if (unit?.info.chipId !== info.chipId) stack.use(reserve(io, parts, info.chipId, order.slot));
        unit = met;
        const unitId = unitIdOf({ chipId: info.chipId, idKind: info.id?.kind, idText: info.id?.text });
        emit({ kind: 'unit', runId, chipId: info.chipId, unitId });
        return unit;
      },
      setBound(next) {
        bound = next;
        database.writeRelaxed(() => database.runs.setTriple(runId, next?.tripleId ?? null));
        emit({ kind: 'identity', runId, deviceName: next?.deviceName ?? null });
      },
      setProof(change) {
        proof = { ...proof, ...change };
        database.writeRelaxed(() => database.runs.setProof(runId, proof));
      },
      measure: (value) => void measured.push(io.mask.maskJson(value)),
      note: (text) => io.comment(text),
      async ask(asked, answerMs, stepSignal) {
        const choices = asked.choices.map(({ value }) => value).join(', ');
        const parameters = choices === '' ? asked.kind : `${asked.kind} of ${choices}`;
        const question = { kind: 'operator', key: asked.step, parameters, signal: stepSignal };
        const { value } = await io.request(question, async () => {
          const nowMs = parts.platform.clock.nowMs();
          const promptId = parts.platform.random.id();
          const prompt = { ...asked, promptId, askedAtMs: nowMs, endsAtMs: nowMs + answerMs };
          emit({ kind: 'prompt', runId, prompt });
          try {
            return { value: await parts.ask(order.slot, prompt, answerMs, stepSignal) };
          } finally {
            emit({ kind: 'prompt', runId, prompt: null });
          }
        });
        return String(value);
      },
      board(use, stepSignal) {
        const { board } = recipe.device;
        if (board === undefined || order.boardPath === null) throw noBoard(order.slot);
        const relay = relayOf(board, order.slot);
        return relayBoards.use(order.boardPath, board.kind, (opened) => use(opened, relay), stepSignal);
      },
    };
    const wanted = (phase: Phase, step: Step): boolean => {
      if (resume?.done.has(`${phase.name}/${stepName(step)}`) === true) {
        io.comment(`step ${stepName(step)} was done before`);
        return false;
      }
      if (step.runIf === undefined || scope.holds(step.runIf)) return true;
      io.comment(`step ${stepName(step)} skipped: its condition does not hold`);
      return false;
    };
    const verdict = await execute(
      recipe,
      {
        log: platform.log,
        clock: platform.clock,
        // The monotonic clock of the run begins at 0 with this part of the run.
        atMs: (monotonicMs) => Math.round(work.baseMs + monotonicMs),
        wanted,
        enterPhase(phase, index) {
          io.beginPhase(phase.name);
          overBle = phase.steps.some(({ verb }) => verb.startsWith('ble-'));
          const { name, title = null } = phase;
          emit({ kind: 'phase', runId, phase: { name, title, index, count: recipe.phases.length } });
        },
        enterStep(_phase, step, done, all) {
          io.beginStep(stepName(step));
          const { title = null } = step;
          emit({ kind: 'step', runId, step: { name: stepName(step), title }, progress: done / all });
        },
        async perform(step, stepSignal) {
          measured = [];
          if (!overBle) await ble.leave();
          return performStep(step, context, stepSignal);
        },
        recordAttempt(unmasked: Attempt) {
          const attempt = io.mask.maskJson(unmasked);
          const step = { seq: seq++, ...attempt, captured: scope.takeCaptured() };
          // Durable with whatever next is: a change of identity, or the run's end.
          database.writeRelaxed(() => database.runs.addStep(runId, step, measured));
          io.recordAttempt(toAttemptJson(attempt, measured));
        },
      },
      stop,
    );
    // Nobody could find out later how a unit passed whose recording has a hole.
    if (verdict.outcome === 'PASS') io.requireWritten();
    return verdict;
  }
}

/** That the same unit answers on another slot comes from outside too. */
function reserve(io: RunIo, parts: RunServices, chipId: string, slot: number): Disposable {
  let reserved: Disposable = { [Symbol.dispose]: () => undefined };
  io.input('reserve', chipId, () => {
    reserved = parts.reserveUnit(chipId, slot);
    return null;
  });
  return reserved;
}

function toAttemptJson(attempt: Attempt, measured: readonly Measured[]): AttemptJson {
  const { phase, step, attempt: nth, outcome, ms, failure } = attempt;
  return {
    phase,
    step,
    attempt: nth,
    outcome,
    ms,
    failure,
    measured: measured.map(({ name, value, unit, limits, outcome: own, at = null }) => ({
      name,
      value: value as Json,
      unit,
      limits,
      outcome: own,
      ...(at === null ? {} : { at: at as unknown as Json }),
    })),
  };
}

function noBoard(slot: number): Fault {
  return new Fault('not-configured', `slot ${slot} has no relay board`, {
    hint: 'Start the station with --board PATH, the port of the fixture’s board.',
    details: { slot },
  });
}
