import { withDeadline } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { instrumentFor, type InstrumentSetting } from '#shared/domain/instrument.ts';
import { neededInstruments } from '#shared/recipe/index.ts';
import { type AttachmentFiles, openAttachments } from '../core/attachments/index.ts';
import { STATION_ITSELF } from '../core/audit-log/index.ts';
import type { RunRow } from '../core/database/index.ts';
import { type InstrumentLending, openInstruments, releaseAll } from '../devices/instruments/index.ts';
import { createRelayBoards } from '../devices/protocols/index.ts';
import { createFirmwareContents } from '../firmware/index.ts';
import { createFontBook } from '../results/labels/index.ts';
import { type LabelPrints, oldLabelOf } from '../results/printing/index.ts';
import { BaudRates } from './baud-rates/index.ts';
import { Batches } from './batches/index.ts';
import { endInterrupted, type ResumeDecision, recover, type Recovery, runUnit } from './executor/index.ts';
import type { ExecutionOptions, ResumedRun, RunListener, StartUnitRequest } from './execution-options.ts';
import { RunLabels } from './labels/index.ts';
import { Networks } from './networks/index.ts';
import type { ParsedRecipe } from './recipes/index.ts';
import { Scripts } from './scripts/index.ts';
import { Tools } from './tools/index.ts';
import { OwnCodes, ShownCodes } from './wifi-codes/index.ts';
import {
  requireStartAllowed,
  SlotSettings,
  type NextUnit,
  nextUnit,
  Prompts,
  ScanDispatcher,
  Slots,
  type SlotConfig,
  type StartedRun,
  ArrivalWatcher,
  NearWatcher,
  passedRunView,
} from './slots/index.ts';

/** How long the close waits for instruments that are given back after a crash. */
const RELEASE_MS = 5000;

/**
 * Runs units: batches, slots, the starts of runs, and the runs that the last stop interrupted. The constructor settles
 * those runs in the database; no unit is run before `start`.
 */
export class Execution {
  /** The files of the runs' attachments. */
  readonly attachments: AttachmentFiles;
  /** Runs and triples that the last stop interrupted, as this start found them. */
  readonly recovery: Recovery;
  readonly batches: Batches;
  readonly slots: Slots;
  /** The port of each slot, and the station's start mode. */
  readonly slotSettings: SlotSettings;
  /** Speeds of transfers that are remembered for the slots. */
  readonly baudRates: BaudRates;
  /** Programs of other vendors that recipes may run. */
  readonly tools: Tools;
  /** Questions that recipes ask at the slots. */
  readonly prompts: Prompts;
  /** The named instruments of the station, and whose turn it is. */
  readonly lending: InstrumentLending;
  /** The Wi-Fi networks that units are provisioned for. */
  readonly networks: Networks;
  /** Wi-Fi codes that people make. */
  readonly ownCodes: OwnCodes;
  /** The Wi-Fi codes that the slots show. */
  readonly codes: ShownCodes;
  /** The prints of labels, and those that slots wait for. */
  readonly prints: LabelPrints;
  readonly labels: RunLabels;
  /** Takes every scan and every answer of a person. */
  readonly scans: ScanDispatcher;

  readonly #options: ExecutionOptions;
  readonly #slotConfigs: readonly SlotConfig[];
  readonly #runListeners = new Set<RunListener>();
  readonly #batchListeners = new Set<() => void>();
  readonly #closing = new AbortController();
  #arrivals: ArrivalWatcher | null = null;
  #near: NearWatcher | null = null;
  #resumed: readonly ResumedRun[] | null = null;
  #released: Promise<void> = Promise.resolve();

  constructor(options: ExecutionOptions) {
    this.#options = options;
    const { platform, config, database, audit, ledger } = options;
    this.attachments = openAttachments(platform.paths.dataDir, database, () => platform.random.id());
    this.lending = openInstruments(database, audit, platform.clock);
    this.codes = new ShownCodes(platform, (slot) => this.slots.codeChanged(slot));
    this.networks = new Networks(database, options.vault, audit);
    this.ownCodes = new OwnCodes({ ...options, networks: this.networks });
    const onBatchChange = (): void => this.#batchListeners.forEach((listener) => listener());
    this.slotSettings = new SlotSettings(database, audit, onBatchChange);
    this.tools = new Tools(database, audit);
    this.baudRates = new BaudRates(database, audit);
    this.batches = new Batches(database, platform, audit, () => this.slotSettings.startMode(), onBatchChange);
    this.#slotConfigs =
      config.slots === 'remembered'
        ? this.slotSettings.all().map((slot) => ({ ...slot, boardPath: config.boardPath }))
        : config.slots;
    this.recovery = recover(
      database,
      ledger,
      platform,
      (run) => this.#resumeDecision(run),
      (run) => this.batches.recipeOfRun(run),
    );
    this.prompts = new Prompts(platform, (change) => this.slots.promptChanged(change));
    this.prints = options.createPrints(this.batches);
    this.labels = new RunLabels({
      database,
      platform,
      prints: this.prints,
      prompts: this.prompts,
      onChange: (slot) => this.slots.labelChanged(slot),
      hasSlot: (slot) => this.#slotConfigs.some((config) => config.slot === slot),
    });
    this.slots = this.#createSlots();
    this.scans = new ScanDispatcher({
      clock: platform.clock,
      prompts: this.prompts,
      slots: this.slots,
      selectedBatch: () => {
        const selected = this.batches.selected();
        return selected === null ? null : { batchId: selected.view.batchId, recipe: selected.recipe.recipe };
      },
      startUnit: (request) => this.startUnit(request),
      oldLabelOf: (text) => oldLabelOf(database, text),
    });
  }

  /** Calls `listener` for each event of each run; returns the function that removes it. */
  onRunEvent(listener: RunListener): () => void {
    this.#runListeners.add(listener);
    return () => void this.#runListeners.delete(listener);
  }

  /** What pages and commands use beside the batches and the slots. */
  get ofPages(): Pick<
    Execution,
    | 'attachments'
    | 'prompts'
    | 'slotSettings'
    | 'tools'
    | 'baudRates'
    | 'prints'
    | 'labels'
    | 'networks'
    | 'codes'
    | 'ownCodes'
  > {
    const {
      attachments,
      prompts,
      slotSettings,
      tools,
      baudRates,
      prints,
      labels,
      networks,
      codes,
      ownCodes,
    } = this;
    return {
      attachments,
      prompts,
      slotSettings,
      tools,
      baudRates,
      prints,
      labels,
      networks,
      codes,
      ownCodes,
    };
  }

  /**
   * Calls `listener` after a batch was made, selected, deselected or changed, and after the station's start mode changed.
   */
  onBatchChange(listener: () => void): void {
    this.#batchListeners.add(listener);
  }

  /** Starts a unit when it may be started. Faults: those of `requireStartAllowed`, `Slots.start` and `Health.admit`; `instrument-missing`. */
  startUnit(request: StartUnitRequest): StartedRun {
    const { database, requireCanRecord } = this.#options;
    const batch = this.batches.get(request.batchId);
    const recipe = this.batches.recipeOf(request.batchId);
    requireCanRecord();
    requireStartAllowed(database, this.slots, batch, recipe, request.serialNumber);
    const slot = request.slot ?? this.slots.nextFree();
    this.lending.instruments.require(neededInstruments(recipe.recipe), slot);
    return this.slots.start(slot, request.batchId, recipe, request.serialNumber, request.operator);
  }

  /** Waits for the unit after `last` (a chip id) on a slot, where no serial number distinguishes units; see `nextUnit`. */
  nextUnit(
    batchId: string,
    slot: number,
    last: string | null,
    timeoutMs: number,
    signal: AbortSignal,
  ): Promise<NextUnit> {
    const { platform } = this.#options;
    const { device, product } = this.batches.recipeOf(batchId).recipe;
    return nextUnit({ platform, slots: this.slots }, { slot, device, product, last, timeoutMs }, signal);
  }

  /**
   * Resumes the runs that a crash interrupted and whose recipe allows it, and ends those whose slot this station does not
   * have. A second call returns the same runs. Without a call such runs wait for the next start of the station.
   */
  resumeRuns(): readonly ResumedRun[] {
    if (this.#resumed !== null) return this.#resumed;
    this.#endRunsWithoutSlot();
    this.#resumed = this.recovery.resumable.map(({ run, recipe, point }) => {
      const { slot, batchId, serialNumber, operator } = run;
      if (serialNumber !== null) this.scans.markStarted(serialNumber, slot);
      return {
        ...this.slots.start(slot, batchId, recipe, serialNumber, operator, point),
        batchId,
        serialNumber,
      };
    });
    return this.#resumed;
  }

  /** Resumes interrupted runs unless the host does it, and starts units that arrive. Called once, after all listeners were added. */
  start(): void {
    const { platform, config } = this.#options;
    const { clock, log, devicePorts: ports, ble } = platform;
    const arriving = {
      slots: this.slots,
      clock,
      log,
      selectedRecipe: () =>
        this.batches.startMode() === 'arrival' ? (this.batches.selected()?.recipe ?? null) : null,
      start: (slot: number) => {
        const batchId = this.batches.selected()?.view.batchId;
        if (batchId === undefined) return;
        this.startUnit({ batchId, serialNumber: null, operator: STATION_ITSELF.user, slot });
      },
    };
    this.#arrivals = new ArrivalWatcher({ ...arriving, ports });
    this.#near = new NearWatcher({ ...arriving, ble });
    if ((config.resume ?? 'at-start') === 'at-start') this.resumeRuns();
    this.#releaseInstruments();
    for (const { slot, run } of this.labels.interrupted()) {
      this.labels.begin(slot);
      this.slots.showPassed(slot, passedRunView(run));
    }
  }

  /** Runs that were killed gave nothing back: a supply may still be on. Goes on after this returns. */
  #releaseInstruments(): void {
    const left = new Map<string, InstrumentSetting>();
    const stored = this.lending.instrumentSettings.all();
    if (stored.length === 0) return;
    for (const run of this.recovery.ended) {
      const names = neededInstruments(this.#recipeOrNull(run)?.recipe ?? { phases: [] });
      for (const name of names) {
        const setting = instrumentFor(stored, name, run.slot);
        if (setting !== null) left.set(setting.address, setting);
      }
    }
    const { platform } = this.#options;
    const settings = [...left.values()];
    const released = releaseAll(settings, this.lending.instruments, platform, this.#closing.signal);
    // Only the close of the station ends it early.
    this.#released = released.catch(() => undefined);
  }

  /** `null` for a recipe that cannot be read any more. */
  #recipeOrNull(run: RunRow): ParsedRecipe | null {
    try {
      return this.batches.recipeOfRun(run);
    } catch (error) {
      if (error instanceof Fault) return null;
      throw error;
    }
  }

  /** Stops every run and waits until each is recorded. */
  async close(): Promise<void> {
    await using closing = new AsyncDisposableStack();
    closing.defer(() => this.labels.close());
    closing.defer(() => this.slots.close());
    closing.defer(() => this.#closing.abort(new Fault('cancelled', 'the station was closed')));
    // A short command may be the first that starts after the station was killed.
    closing.defer(() => withDeadline(this.#released, { timeoutMs: RELEASE_MS, onTimeout: () => undefined }));
    closing.defer(() => this.#arrivals?.close());
    closing.defer(() => this.#near?.close());
  }

  /** Whether an interrupted run is resumed: now, at a later start, or never. */
  #resumeDecision(run: RunRow): ResumeDecision {
    const { resume } = this.#options.config;
    // A station without slots runs no units: a later start may have the run's slot.
    if (resume === 'never' || this.#slotConfigs.length === 0) return 'later';
    const hasSlotAndPort = this.#slotConfigs.some(
      ({ slot, portPath }) => slot === run.slot && portPath === run.portPath,
    );
    if (hasSlotAndPort) return 'now';
    // The host that resumes runs itself has not checked its ports yet.
    return resume === 'by-host' ? 'later' : 'never';
  }

  /** A run of a slot that this station does not have cannot go on. */
  #endRunsWithoutSlot(): void {
    if (this.#slotConfigs.length === 0) return;
    const { database, platform } = this.#options;
    const resumable = new Set(this.recovery.resumable.map(({ run }) => run.runId));
    for (const run of database.runs.listUnfinished())
      if (!resumable.has(run.runId)) endInterrupted(database, platform, run);
  }

  #createSlots(): Slots {
    const { platform, config, admission, database, ledger, registry, station, publish } = this.#options;
    const { instruments } = this.lending;
    const relayBoards = createRelayBoards(platform.devicePorts, platform.clock);
    const scripts = new Scripts(config.hiddenDir ?? platform.paths.dataDir);
    const fonts = createFontBook();
    const firmware = createFirmwareContents(database, platform.paths.dataDir);
    return new Slots({
      prompts: this.prompts,
      labelAt: (slot) => this.labels.at(slot),
      codeAt: (slot) => this.codes.at(slot),
      slots: this.#slotConfigs,
      log: platform.log,
      admission,
      nowMs: () => platform.clock.nowMs(),
      publish,
      onPortNeeded: (slot) => this.#arrivals?.releasePort(slot),
      onRunEvent: (slot, event) => {
        if (event.kind === 'finished') {
          this.#arrivals?.runEnded(slot);
          this.#near?.runEnded(slot);
        }
        for (const listener of this.#runListeners) listener(slot, event);
      },
      run: (request, emit, signal) =>
        runUnit(
          {
            platform: { ...platform, ble: this.#near?.centralOf(request.slot) ?? platform.ble },
            database,
            ledger,
            registry,
            station: station(),
            appVersion: config.appVersion,
            relayBoards,
            instruments,
            networks: this.networks,
            codes: this.codes,
            scripts,
            fonts,
            firmware,
            tools: this.tools,
            baudRates: this.baudRates,
            labels: this.labels,
            ask: (...asked) => this.prompts.ask(...asked),
            askPhoto: (...asked) => this.prompts.askPhoto(...asked),
            attachments: this.attachments,
            reserveUnit: (chipId, slot) => this.slots.reserveUnit(chipId, slot),
            waitForSpace: config.waitForSpace === false ? undefined : this.#closing.signal,
          },
          request,
          emit,
          signal,
        ),
    });
  }
}
