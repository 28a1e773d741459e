import { Fault } from '#shared/domain/fault.ts';
import { STATION_ITSELF } from '../core/audit-log/index.ts';
import { type Batches, createBatches } from './batches/index.ts';
import type { UnitOrder } from '../config.ts';
import type { Health } from '../administration/health/index.ts';
import { createBoards } from '../devices/protocols/index.ts';
import type { RegistryClient } from '../registry-sync/client/index.ts';
import { endInterrupted, recover, type Recovery, type RunEvent, runUnit } from './executor/index.ts';
import { createFontBook } from '../results/labels/index.ts';
import { createScripts } from './scripts/index.ts';
import {
  admit,
  type Arrivals,
  createPromptDesk,
  createScanRouter,
  createSlotBank,
  createSlotPlaces,
  type NextUnit,
  nextUnit,
  type PromptDesk,
  type ScanRouter,
  type SlotBank,
  type SlotPlaces,
  type StartedRun,
  watchArrivals,
} from './slots/index.ts';
import type { Announcements } from '../topics.ts';
import type { Ground } from '../core-services.ts';

export interface LineParts extends Ground {
  readonly announce: Pick<Announcements, 'slots'>;
  readonly registry: () => RegistryClient | null;
  readonly health: Pick<Health, 'admit'>;
  /** A batch was made, picked, put down or changed. */
  readonly onBatch: () => void;
  readonly onRunEvent: (slot: number, event: RunEvent) => void;
}

/** Where units are worked on: batches, slots, what starts a run, what the last stop cut off. */
export interface Line {
  /** What the last stop left behind, settled at this start. */
  readonly recovery: Recovery;
  readonly batches: Batches;
  readonly slots: SlotBank;
  /** Which slot is plugged in where, and whether units start by themselves. */
  readonly slotPlaces: SlotPlaces;
  /** Questions that recipes ask at the slots. */
  readonly prompts: PromptDesk;
  /** Every scan and every answer of a person comes in here. */
  readonly scans: ScanRouter;
  /** Starts a unit when it may be started. Faults: those of `admit`, `SlotBank.start` and `Health.admit`. */
  startUnit(order: UnitOrder): StartedRun;
  /** Waits for the unit after `last` (a chip id) on a slot, where no serial number tells them apart; see `nextUnit`. */
  nextUnit(
    batchId: string,
    slot: number,
    last: string | null,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<NextUnit>;
  /**
   * Takes up the runs that a crash cut off and that may go on, and ends those whose slot is not here; gives the same runs
   * when called again. When it is never called, such runs stay as they are for the next start.
   */
  resumeRuns(): readonly ResumedRun[];
  /** Takes up runs unless the host does, and starts units that arrive. Once, when everybody is there who hears of it. */
  begin(): void;
  /** Stops every run, and waits until each is recorded. */
  close(): Promise<void>;
}

/** A run that goes on after a crash. */
export interface ResumedRun extends StartedRun {
  readonly batchId: string;
  readonly serialNumber: string | null;
}

/** Settles what the last stop left behind before anything else is done. */
export function composeLine(parts: LineParts): Line {
  const { platform, config, database, audit, settings, ledger, registry } = parts;
  const closing = new AbortController();
  let arrivals: Arrivals | null = null;
  let resumed: readonly ResumedRun[] | null = null;
  const slotPlaces = createSlotPlaces(database, audit, parts.onBatch);
  const batches = createBatches(database, platform, audit, () => slotPlaces.startMode(), parts.onBatch);
  const slotConfigs =
    config.slots === 'remembered'
      ? slotPlaces.all().map((slot) => ({ ...slot, boardPath: config.boardPath }))
      : config.slots;
  const recovery = recover(
    database,
    ledger,
    platform,
    (run) => {
      // Without slots no units are run: the next start may have the run's slot.
      if (config.resumeRuns === 'not-now' || slotConfigs.length === 0) return 'later';
      const here = slotConfigs.some(({ slot, portPath }) => slot === run.slot && portPath === run.portPath);
      if (here) return 'now';
      // A host that asks has not checked yet whether its ports are the right ones.
      return config.resumeRuns === 'when-asked' ? 'later' : 'never';
    },
    (run) => batches.recipeOfRun(run),
  );
  const prompts = createPromptDesk(platform.clock);
  const boards = createBoards(platform.serialPorts, platform.clock);
  const scripts = createScripts(platform.paths.dataDir);
  const fonts = createFontBook();
  const slots: SlotBank = createSlotBank({
    slots: slotConfigs,
    log: platform.log,
    nowMs: () => platform.clock.nowMs(),
    publish: (delta) => parts.announce.slots(delta),
    onTaken: (slot) => arrivals?.makeWay(slot),
    onRunEvent(slot, event) {
      if (event.kind === 'finished') arrivals?.noteEnd(slot);
      parts.onRunEvent(slot, event);
    },
    run: (order, emit, signal) =>
      runUnit(
        {
          platform,
          database,
          ledger,
          registry,
          station: settings.station(),
          appVersion: config.appVersion,
          boards,
          scripts,
          fonts,
          ask: (slot, prompt, answerMs, stepSignal) => prompts.ask(slot, prompt, answerMs, stepSignal),
          reserveUnit: (chipId, slot) => slots.reserveUnit(chipId, slot),
          waitForSpace: config.waitForSpace === false ? undefined : closing.signal,
        },
        order,
        emit,
        signal,
      ),
  });
  /** Runs of slots that this station does not have cannot go on once it begins to run units. */
  function endOthers(): void {
    if (slotConfigs.length === 0) return;
    const goOn = new Set(recovery.resumable.map(({ run }) => run.runId));
    for (const run of database.runs.listUnfinished()) {
      if (!goOn.has(run.runId)) endInterrupted(database, platform, run);
    }
  }
  const line: Line = {
    recovery,
    batches,
    slots,
    slotPlaces,
    prompts,
    scans: createScanRouter({
      clock: platform.clock,
      prompts,
      slots,
      active() {
        const active = batches.active();
        return active === null ? null : { batchId: active.view.batchId, recipe: active.recipe.recipe };
      },
      startUnit: (order) => line.startUnit(order),
    }),
    startUnit(order) {
      const batch = batches.get(order.batchId);
      const recipe = batches.recipeOf(order.batchId);
      parts.health.admit();
      admit(database, slots, batch, recipe, order.serialNumber);
      const slot = order.slot ?? slots.nextFree();
      return slots.start(slot, order.batchId, recipe, order.serialNumber, order.operator);
    },
    nextUnit(batchId, slot, last, withinMs, signal) {
      const { device } = batches.recipeOf(batchId).recipe;
      return nextUnit({ platform, slots }, { slot, device, last, withinMs }, signal);
    },
    resumeRuns() {
      if (resumed !== null) return resumed;
      endOthers();
      resumed = recovery.resumable.map(({ run, recipe, point }) => {
        const { slot, batchId, serialNumber, operator } = run;
        if (serialNumber !== null) line.scans.goesOn(serialNumber, slot);
        return {
          ...slots.start(slot, batchId, recipe, serialNumber, operator, point),
          batchId,
          serialNumber,
        };
      });
      return resumed;
    },
    begin() {
      arrivals = watchArrivals({
        slots,
        ports: platform.serialPorts,
        clock: platform.clock,
        log: platform.log,
        next: () => (batches.starts() === 'arrival' ? (batches.active()?.recipe ?? null) : null),
        start(slot) {
          const batchId = batches.active()?.view.batchId;
          if (batchId === undefined) return;
          line.startUnit({ batchId, serialNumber: null, operator: STATION_ITSELF.user, slot });
        },
      });
      if ((config.resumeRuns ?? 'at-once') === 'at-once') line.resumeRuns();
    },
    async close() {
      await arrivals?.close();
      closing.abort(new Fault('cancelled', 'the station was closed'));
      await slots.close();
    },
  };
  return line;
}
