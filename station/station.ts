import { contract, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  createTopic,
  serve,
  type Handlers,
  type Session,
  type SessionRef,
  type Topics,
  type Transport,
} from '#shared/rpc/index.ts';
import { type Access, createAccess } from './access/index.ts';
import { createHealth, type Health } from './health/index.ts';
import { createHandlers } from './api/index.ts';
import type { StationConfig, UnitOrder } from './config.ts';
import { type Actor, createAuditTrail, STATION_ITSELF } from './audit/index.ts';
import { createBatches, type Batches } from './batches/index.ts';
import { cachedRegistry } from './cached-registry.ts';
import { createFileDrop, type DroppedFile, type FileDrop } from './drops/index.ts';
import { createFirmware, type Firmware } from './firmware/index.ts';
import {
  createLedger,
  createPool,
  createVault,
  type IdentityRecord,
  listIdentities,
  openKeyRing,
  rotateKey,
  type RotationReport,
  type Pool,
} from './identity/index.ts';
import type { Platform } from './platform/index.ts';
import type { RegistryClient } from './registry/index.ts';
import { createArchive } from './recordings/index.ts';
import { createReports, type ExportedFile, type Reports } from './reports/index.ts';
import { createReturns, type Returns } from './returns/index.ts';
import { recover, type Recovery, type RunEvent, runUnit } from './runner/index.ts';
import { createSettings, SEALED_SETTINGS, type Settings } from './settings/index.ts';
import { createBoards } from './protocols/index.ts';
import {
  admit,
  type Arrivals,
  createPromptDesk,
  createSlotBank,
  createSlotPlaces,
  type NextUnit,
  nextUnit,
  type PromptDesk,
  type SlotBank,
  type SlotPlaces,
  type StartedRun,
  watchArrivals,
} from './slots/index.ts';
import { openStore, SPARE_BYTES, type Store } from './store/index.ts';
import { createSync, type Sync } from './sync/index.ts';
import { createYields, NO_YIELD } from './yield/index.ts';

/** One station: everything a host may do with it. */
export interface Station {
  readonly name: string;
  /** What the last stop left behind, settled at this start. */
  readonly recovery: Recovery;
  readonly store: Store;
  readonly settings: Settings;
  readonly batches: Batches;
  readonly pool: Pool;
  readonly slots: SlotBank;
  /** Which slot is plugged in where, and whether units start by themselves. */
  readonly slotPlaces: SlotPlaces;
  /** Questions that recipes ask at the slots. */
  readonly prompts: PromptDesk;
  readonly sync: Sync;
  readonly returns: Returns;
  readonly access: Access;
  readonly firmware: Firmware;
  /** Where the host puts files that pages bring. */
  readonly drops: FileDrop;
  readonly reports: Reports;
  readonly health: Health;
  readonly registry: () => RegistryClient | null;
  readonly handlers: Handlers<StationContract>;
  /** Who holds what, without secrets but with their SHA-256: to compare with devices and registry. */
  identities(): IdentityRecord[];
  /** Changes the data key that seals all secrets; see `rotateKey`. One at a time. */
  rotateKey(by: Actor, onProgress: (resealed: number) => void, signal: AbortSignal): Promise<RotationReport>;
  /** Keeps in the trail that a recipe was locked. */
  noteRecipeLock(
    lock: { readonly recipe: string; readonly version: string; readonly sha256: string },
    by: Actor,
  ): void;
  /** Starts a unit when it may be started. Faults: those of `admit` and of `SlotBank.start`. */
  startUnit(order: UnitOrder): StartedRun;
  /**
   * Waits for the unit after `last` (a chip id) on a slot, where no serial number tells them apart; see `nextUnit`.
   */
  nextUnit(
    batchId: string,
    slot: number,
    last: string | null,
    withinMs: number,
    signal: AbortSignal,
  ): Promise<NextUnit>;
  onRunEvent(listener: (slot: number, event: RunEvent) => void): () => void;
  /** Serves the contract on a wire until it closes. All wires of one browser session or window share their seat. */
  serve(transport: Transport, seat: SessionRef): void;
  /** A file made for somebody to take along; `null` when there is none of that id or this person may not have it. */
  file(fileId: string, session: Session): ExportedFile | null;
  /**
   * Takes a file that a page brings, as `sizeBytes` announced bytes; its id is good for one import by the same person.
   * Faults: `forbidden`, and those of `FileDrop.receive`.
   */
  receiveFile(
    name: string,
    sizeBytes: number,
    source: AsyncIterable<Uint8Array>,
    session: Session,
    signal: AbortSignal,
  ): Promise<DroppedFile>;
  /** Stops every run (each is recorded), ends sending, closes the store. */
  close(): Promise<void>;
}

/**
 * Builds a station from a platform: the only place where its rooms meet. Owns the data directory until `close`.
 * Faults: `data-busy`, `database-corrupt`, `database-future`, `file-denied`, `secret-unreadable`.
 */
export async function createStation(platform: Platform, config: StationConfig): Promise<Station> {
  const { log } = platform;
  const store = openStore(platform.paths.dataDir, {
    spareBytes: config.disk?.spareBytes ?? SPARE_BYTES,
  });
  try {
    return await compose();
  } catch (error) {
    store.close();
    throw error;
  }

  async function compose(): Promise<Station> {
    const ring = await openKeyRing(store, platform);
    const vault = createVault(ring, platform.random);
    const audit = createAuditTrail(store, platform.clock);
    const warning = platform.secretBox.warning?.() ?? null;
    if (warning !== null) {
      log.warn('secrets.key-exposed', { warning });
      store.transaction(() => audit.note(STATION_ITSELF, 'secrets.key-exposed', 'host-key', { warning }));
    }
    const settings = createSettings(store, vault, audit);
    const ledger = createLedger(store, vault, platform.clock, audit);

    const listeners = new Set<(slot: number, event: RunEvent) => void>();
    const epoch = platform.random.id();
    const closing = new AbortController();
    const health: Health = createHealth({
      store,
      platform,
      audit,
      limits: config.disk,
      publish: (state) => topics.station.publish(state),
    });
    const registry = cachedRegistry(settings, {
      head: () => audit.head(),
      hashAt: (seq) => audit.hashAt(seq),
      heard: (rewritten) => health.noteTrail(rewritten),
    });
    const slotPlaces = createSlotPlaces(store, audit);
    const slotConfigs =
      config.slots === 'remembered'
        ? slotPlaces.all().map((slot) => ({ ...slot, boardPath: config.boardPath }))
        : config.slots;
    const batches = createBatches(store, platform, audit, publishBatch);
    const recovery = recover(
      store,
      ledger,
      platform.clock,
      (run) => slotConfigs.some(({ slot, portPath }) => slot === run.slot && portPath === run.portPath),
      (run) => batches.recipeOfRun(run),
    );
    log.info('station.started', {
      inDoubt: recovery.inDoubt,
      interruptedRuns: recovery.interruptedRuns.length,
      resumedRuns: recovery.resumable.length,
    });
    const pool = createPool({ store, vault, platform, audit, registry, onChange: publishPool });
    const sync = createSync({
      store,
      platform,
      audit,
      registry,
      publish: (s) => topics.sync.publish(s),
      onRegistered: publishPool,
      async alsoTell(client, signal) {
        await pool.settle(client, signal);
        await client.audit.tell(signal);
      },
    });
    const prompts = createPromptDesk(platform.clock);
    const boards = createBoards(platform.serialPorts, platform.clock);
    const slots: SlotBank = createSlotBank({
      slots: slotConfigs,
      log,
      nowMs: () => platform.clock.nowMs(),
      publish: (delta) => topics.slots.publish(delta),
      onTaken: (slot) => arrivals.makeWay(slot),
      onRunEvent,
      run: (order, emit, signal) =>
        runUnit(
          {
            platform,
            store,
            ledger,
            registry,
            station: settings.station(),
            appVersion: config.appVersion,
            boards,
            ask: (slot, prompt, answerMs, stepSignal) => prompts.ask(slot, prompt, answerMs, stepSignal),
            reserveUnit: (chipId, slot) => slots.reserveUnit(chipId, slot),
            waitForSpace: config.waitForSpace === false ? undefined : closing.signal,
          },
          order,
          emit,
          signal,
        ),
    });
    const archive = createArchive({
      dataDir: platform.paths.dataDir,
      clock: platform.clock,
      log,
      limits: () => settings.recordings(),
      openRuns: () => store.runs.unfinished().map(({ runId }) => runId),
      hasEnded: (runId) => (store.runs.byId(runId)?.outcome ?? null) !== null,
      atWork: () => slots.running().length > 0,
    });
    const drops = createFileDrop(platform.paths.dataDir, () => platform.random.id());
    const firmware: Firmware = createFirmware({
      store,
      platform,
      audit,
      drops,
      registry,
      registryUrl: () => settings.registry()?.url ?? null,
      publish: (delta) => topics.firmware.publish(delta),
    });
    const topics: Omit<Topics<StationContract>, 'session'> = {
      station: createTopic(contract.topics.station, health.state, epoch),
      batch: createTopic(contract.topics.batch, batches.state(), epoch),
      slots: createTopic(contract.topics.slots, slots.state, epoch),
      pool: createTopic(contract.topics.pool, pool.state(), epoch),
      sync: createTopic(contract.topics.sync, sync.state, epoch),
      firmware: createTopic(contract.topics.firmware, firmware.state(), epoch),
      exports: createTopic(contract.topics.exports, { running: [] }, epoch),
      yield: createTopic(contract.topics.yield, NO_YIELD, epoch),
    };
    const access = createAccess({ store, platform, audit });
    const returns = createReturns({
      store,
      ledger,
      platform,
      audit,
      slots,
      batches,
      registry,
      station: () => settings.station(),
      onChange() {
        publishPool();
        if (config.autoSync !== false) sync.kick();
      },
    });
    const reports = createReports({
      platform,
      store,
      station: () => settings.station(),
      publish: (state) => topics.exports.publish(state),
    });
    const yields = createYields({ platform, store, publish: (state) => topics.yield.publish(state) });
    yields.follow(topics.batch.state.active?.batchId ?? null);
    const startUnit = (order: UnitOrder): StartedRun => {
      const batch = batches.get(order.batchId);
      const recipe = batches.recipeOf(order.batchId);
      health.admit();
      admit(store, slots, batch, recipe, order.serialNumber);
      const slot = order.slot ?? slots.nextFree();
      return slots.start(slot, order.batchId, recipe, order.serialNumber, order.operator);
    };
    const parts = {
      platform,
      config,
      store,
      settings,
      batches,
      slots,
      prompts,
      sync,
      returns,
      access,
      firmware,
      reports,
      yields,
      startUnit,
    };
    const handlers = createHandlers(parts);
    const arrivals: Arrivals = watchArrivals({
      slots,
      ports: platform.serialPorts,
      clock: platform.clock,
      log,
      next: () =>
        (batches.activeStart() ?? slotPlaces.startMode()) === 'arrival'
          ? (batches.active()?.recipe ?? null)
          : null,
      start(slot) {
        const batchId = batches.active()?.view.batchId;
        if (batchId === undefined) return;
        startUnit({ batchId, serialNumber: null, operator: STATION_ITSELF.user, slot });
      },
    });
    for (const { run, recipe, point } of recovery.resumable)
      slots.start(run.slot, run.batchId, recipe, run.serialNumber, run.operator, point);
    if (config.autoSync !== false) sync.kick();

    function publishBatch(): void {
      const state = batches.state();
      topics.batch.publish(state);
      yields.follow(state.active?.batchId ?? null);
    }
    function publishPool(): void {
      topics.pool.publish(pool.state());
    }
    function onRunEvent(slot: number, event: RunEvent): void {
      if (event.kind === 'finished') {
        arrivals.noteEnd(slot);
        health.noteWork();
        archive.noteEnd(event.result.runId);
        store.progress.noteEnd(event.result.runId);
        yields.noteEnd(event.result.runId);
        publishBatch();
        if (config.autoSync !== false) sync.kick();
      }
      if (event.kind === 'finished' || event.kind === 'identity') publishPool();
      for (const listener of listeners) listener(slot, event);
    }

    return {
      get name() {
        return settings.station();
      },
      recovery,
      store,
      settings,
      batches,
      pool,
      slots,
      slotPlaces,
      prompts,
      sync,
      returns,
      access,
      firmware,
      drops,
      reports,
      health,
      registry,
      handlers,
      noteRecipeLock({ recipe, version, sha256 }, by) {
        store.transaction(() => audit.note(by, 'recipe.lock', sha256, { recipe, version }));
      },
      startUnit,
      nextUnit(batchId, slot, last, withinMs, signal) {
        const { device } = batches.recipeOf(batchId).recipe;
        return nextUnit({ platform, slots }, { slot, device, last, withinMs }, signal);
      },
      identities: () => listIdentities(store, vault),
      rotateKey: (by, onProgress, signal) =>
        rotateKey({ store, ring, vault, platform, audit, settings: SEALED_SETTINGS }, by, onProgress, signal),
      onRunEvent(listener) {
        listeners.add(listener);
        return () => void listeners.delete(listener);
      },
      serve(transport, seat) {
        serve(transport, {
          contract,
          handlers,
          topics: { ...topics, session: access.topic(seat) },
          seat,
          onCall: (name) => access.note(seat, name),
          onDefect,
        });
      },
      file(fileId, { role }) {
        const mayExport = contract.calls['reports.export'].roles.some((allowed) => allowed === role);
        return mayExport ? reports.file(fileId) : null;
      },
      async receiveFile(name, sizeBytes, source, { role, user }, signal) {
        const mayImport = contract.calls['firmware.import'].roles.some((allowed) => allowed === role);
        if (mayImport) return drops.receive(name, sizeBytes, source, signal, user);
        throw new Fault('forbidden', `${role} may not bring files`, { hint: 'Sign in as an engineer.' });
      },
      async close() {
        access.close();
        await arrivals.close();
        await firmware.close();
        drops.clear();
        await reports.close();
        await yields.close();
        closing.abort(new Fault('cancelled', 'the station was closed'));
        await slots.close();
        await archive.close();
        await sync.close();
        await health.close();
        store.close();
        log.info('station.closed');
      },
    };
  }

  function onDefect(error: unknown, where: string): string {
    const correlationId = platform.random.id().slice(-12);
    log.error('api.defect', error, { where, correlationId });
    return correlationId;
  }
}
