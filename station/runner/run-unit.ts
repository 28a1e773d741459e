import { Fault } from '#shared/domain/fault.ts';
import { outcomeOfFault } from '#shared/domain/outcome.ts';
import { stepName } from '#shared/domain/recipe.ts';
import type { IdentityProof } from '#shared/registry-api/events.ts';
import type { Bound, Ledger } from '../identity/index.ts';
import type { Platform } from '../platform/index.ts';
import { sessionOpener, type UnitInfo } from '../protocols/index.ts';
import { createRecorder, type Recorder, recordingFile } from '../recordings/index.ts';
import type { RegistryClient } from '../registry/index.ts';
import type { NewRun, RunRow, Store } from '../store/index.ts';
import { asFault, type Attempt, execute, toFailure, type Verdict } from './execute.ts';
import { finishRun } from './finish-run.ts';
import type { ParsedRecipe } from './recipe/parse-recipe.ts';
import type { Measured, RunContext, UnitOnSlot } from './run-context.ts';
import type { RunEvent, RunResult } from './run-events.ts';
import { RunBle } from './run-ble.ts';
import { performStep } from './steps/index.ts';

export interface RunnerParts {
  readonly platform: Platform;
  readonly store: Store;
  readonly ledger: Ledger;
  /** Asked at each use: a station may be bound to a registry while it runs. */
  readonly registry: () => RegistryClient | null;
  readonly station: string;
  readonly appVersion: string;
  /** Reserves a chip id for one slot; faults with `unit-on-two-slots`. */
  readonly reserveUnit: (chipId: string, slot: number) => Disposable;
  /** How long to wait for space when a run's end cannot be written: until this fires. Not at all when left out. */
  readonly waitForSpace?: AbortSignal | undefined;
}

/** How often a run that waits for space tries to write its end. */
const SPACE_RETRY_MS = 2000;

export interface RunOrder {
  readonly batchId: string;
  readonly recipe: ParsedRecipe;
  readonly slot: number;
  readonly portPath: string;
  readonly serialNumber: string | null;
  readonly operator: string;
}

/**
 * One unit through one recipe on one slot. Never throws for what can go wrong with a unit or a station: that is the
 * outcome. It throws only when the record itself cannot be written (`disk-full`, `database-corrupt`).
 */
export async function runUnit(
  parts: RunnerParts,
  order: RunOrder,
  emit: (event: RunEvent) => void,
  signal: AbortSignal,
): Promise<RunResult> {
  const { platform, store, ledger } = parts;
  const { recipe } = order.recipe;
  const runId = platform.random.id();
  const startedAt = platform.clock.nowMs();
  const began = platform.clock.monotonicMs();
  const run: NewRun = {
    runId,
    batchId: order.batchId,
    slot: order.slot,
    portPath: order.portPath,
    serialNumber: order.serialNumber,
    station: parts.station,
    operator: order.operator,
    appVersion: parts.appVersion,
    recipeHash: order.recipe.hash,
    firmwareSha256: store.batches.byId(order.batchId)?.firmwareSha256 ?? null,
    startedAt,
  };
  store.transaction(() => store.runs.begin(run));
  emit({ kind: 'started', runId, slot: order.slot, atMs: startedAt });

  const verdict = await work().catch((error: unknown): Verdict => {
    const fault = asFault(error, platform.log);
    return { outcome: outcomeOfFault(fault.code), failure: toFailure(fault, '', 'open') };
  });
  const finishedAt = platform.clock.nowMs();
  const row = await recordEnd(Math.max(finishedAt, startedAt), verdict);
  const result: RunResult = {
    runId,
    slot: order.slot,
    serialNumber: order.serialNumber,
    chipId: row.chipId,
    productId: row.productId,
    deviceName: row.deviceName,
    outcome: verdict.outcome,
    failure: verdict.failure,
    startedAtMs: startedAt,
    finishedAtMs: row.finishedAt ?? finishedAt,
    ms: Math.round(platform.clock.monotonicMs() - began),
  };
  emit({ kind: 'finished', result });
  return result;

  /** A result is not lost because a disk is full now: it waits, and whoever looks at the slot sees why. */
  async function recordEnd(atMs: number, { outcome, failure }: Verdict): Promise<RunRow> {
    for (;;) {
      try {
        return finishRun(store, runId, atMs, outcome, failure);
      } catch (error) {
        const { waitForSpace } = parts;
        if (!(error instanceof Fault) || error.code !== 'disk-full' || waitForSpace === undefined)
          throw error;
        emit({ kind: 'unrecorded', runId, fault: error });
        await platform.clock.sleep(SPACE_RETRY_MS, waitForSpace).catch(() => {
          throw error;
        });
      }
    }
  }

  /** Port, recording and reservation are let go before the run is recorded as finished. */
  async function work(): Promise<Verdict> {
    using stack = new DisposableStack();
    const recorder = stack.use(
      createRecorder(
        recordingFile(platform.paths.dataDir, runId),
        { run: runId, slot: order.slot, port: order.portPath, recipe: order.recipe.hash, at: startedAt },
        platform.clock,
      ),
    );
    await using port = await platform.serialPorts.open(
      order.portPath,
      { baudRate: recipe.device.serial.baudRate },
      signal,
    );
    const device = sessionOpener(recipe.device.profile)(recorder.wrap(port), {
      clock: platform.clock,
      commandTimeoutMs: recipe.device.serial.commandTimeoutMs,
      region: recipe.device.region ?? null,
      protect: (forms) => recorder.protect(forms),
    });
    return await perform(recorder, stack, device);
  }

  async function perform(
    recorder: Recorder,
    stack: DisposableStack,
    device: RunContext['device'],
  ): Promise<Verdict> {
    let unit: UnitOnSlot | null = null;
    let overBle = false;
    await using ble = new RunBle({
      central: platform.ble,
      recipe,
      serialNumber: order.serialNumber,
      chipId: () => unit?.info.chipId ?? null,
      note: (text) => recorder.mark(text),
    });
    let bound: Bound | null = null;
    let proof: IdentityProof = { readBack: 'none', online: 'none' };
    let measured: Measured[] = [];
    let seq = 0;
    const context: RunContext = {
      runId,
      recipe,
      serialNumber: order.serialNumber,
      platform,
      store,
      ledger,
      registry: parts.registry(),
      device,
      ble,
      get unit() {
        return unit;
      },
      get bound() {
        return bound;
      },
      meetUnit(info) {
        if (unit?.info.chipId !== info.chipId) stack.use(parts.reserveUnit(info.chipId, order.slot));
        unit = meetUnit(info);
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
    };
    const verdict = await execute(
      recipe,
      {
        log: platform.log,
        nowMs: () => platform.clock.nowMs(),
        monotonicMs: () => platform.clock.monotonicMs(),
        enterPhase(phase, index) {
          recorder.mark(`phase ${phase.name}`);
          overBle = phase.steps.some(({ verb }) => verb.startsWith('ble-'));
          const { name, title = null } = phase;
          emit({ kind: 'phase', runId, phase: { name, title, index, count: recipe.phases.length } });
        },
        enterStep(_phase, step, done, all) {
          recorder.mark(`step ${stepName(step)}`);
          emit({
            kind: 'step',
            runId,
            step: { name: stepName(step), title: step.title ?? null },
            progress: done / all,
          });
        },
        async perform(step, stepSignal) {
          measured = [];
          if (!overBle) await ble.leave();
          return performStep(step, context, stepSignal);
        },
        recordAttempt(attempt: Attempt) {
          const step = { seq: seq++, ...attempt };
          store.record(() => store.runs.addStep(runId, step, measured));
        },
      },
      signal,
    );
    // Nobody could find out later how a unit passed whose recording has a hole.
    if (verdict.outcome === 'PASS') recorder.check();
    return verdict;
  }

  function meetUnit(info: UnitInfo): UnitOnSlot {
    const unit = store.transaction(() => {
      const seen = store.units.see(info.chipId, info.model, info.firmwareVersion, platform.clock.nowMs());
      store.runs.setUnit(runId, seen.unitId);
      return seen;
    });
    // After the record, so that a conflict says which unit it was.
    requireSameSerial(unit.serialNumber, info.chipId);
    return { unitId: unit.unitId, info };
  }

  /** A serial number and a chip belong together once a unit has passed; another pairing is for support to explain. */
  function requireSameSerial(known: string | null, chipId: string): void {
    const { serialNumber } = order;
    if (serialNumber === null) return;
    const other = store.units.bySerial(serialNumber);
    if ((known === null || known === serialNumber) && (other === null || other.chipId === chipId)) return;
    throw new Fault('serial-conflict', `serial number ${serialNumber} does not belong to unit ${chipId}`, {
      hint: 'Check that the label is on the right unit; else take it to support.',
      details: { serialNumber, chipId, known },
    });
  }
}
