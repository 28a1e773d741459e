import type { StationContract } from '#shared/contract/index.ts';
import type { Handlers } from '#shared/rpc/index.ts';
import type { Access, SamplePeople } from './administration/people/index.ts';
import { createHandlers } from './handlers.ts';
import type { Actor } from './core/audit-log/index.ts';
import { type ClockTrust, createClockTrust } from './administration/clock-trust/index.ts';
import { composeOffice } from './back-office.ts';
import { layGround } from './core-services.ts';
import { composeLine, type Line } from './execution/execution.ts';
import { createPageService, type PageService } from './page-service.ts';
import { composeUpstream } from './registry-services.ts';
import { createStationTopics } from './topics.ts';
import type { StationConfig } from './config.ts';
import { serveControl } from './administration/control-socket/index.ts';
import type { UploadStore } from './core/uploads/index.ts';
import type { Firmware } from './firmware/index.ts';
import { createHealth, type Health } from './administration/health/index.ts';
import {
  type IdentityRecord,
  listIdentities,
  type Pool,
  rotateKey,
  type RotationReport,
} from './identity/index.ts';
import type { Platform } from './core/platform/index.ts';
import type { AuditSource, RegistryClient } from './registry-sync/client/index.ts';
import type { Reports } from './results/reports/index.ts';
import type { Returns } from './returns/index.ts';
import type { RunEvent } from './execution/executor/index.ts';
import { SEALED_SETTINGS, type Settings } from './administration/settings/index.ts';
import { openStationDatabase, DISK_RESERVE_BYTES, type WritableDatabase } from './core/database/index.ts';
import { cachedRegistry, proveSecret, type Sync } from './registry-sync/index.ts';
import { NO_YIELD } from './results/yield/index.ts';

/** One station: everything a host may do with it. */
export interface Station extends PageService, Omit<Line, 'begin' | 'close'> {
  readonly name: string;
  readonly database: WritableDatabase;
  readonly settings: Settings;
  readonly pool: Pool;
  readonly sync: Sync;
  readonly returns: Returns;
  readonly access: Access;
  readonly samplePeople: SamplePeople;
  readonly firmware: Firmware;
  /** Where the host puts files that pages bring. */
  readonly uploads: UploadStore;
  readonly reports: Reports;
  readonly health: Health;
  readonly clockTrust: ClockTrust;
  readonly registry: () => RegistryClient | null;
  readonly handlers: Handlers<StationContract>;
  /** Who holds what, without secrets but with their SHA-256: to compare with devices and registry. */
  identities(): IdentityRecord[];
  /** Changes the data key that seals all secrets; see `rotateKey`. One at a time. */
  rotateKey(by: Actor, onProgress: (resealed: number) => void, signal: AbortSignal): Promise<RotationReport>;
  /** Keeps in the trail that a recipe was locked. */
  recordRecipeLock(
    lock: { readonly recipe: string; readonly version: string; readonly sha256: string },
    by: Actor,
  ): void;
  onRunEvent(listener: (slot: number, event: RunEvent) => void): () => void;
  /** Stops every run (each is recorded), ends sending, closes the database. */
  close(): Promise<void>;
}

/**
 * Builds a station from a platform: the only place where its rooms meet. Owns the data directory until `close`.
 * Faults: `data-busy`, `database-corrupt`, `database-future`, `file-denied`, `secret-unreadable`.
 */
export async function createStation(platform: Platform, config: StationConfig): Promise<Station> {
  const database = openStationDatabase(platform.paths.dataDir, {
    reserveBytes: config.disk?.reserveBytes ?? DISK_RESERVE_BYTES,
  });
  try {
    return await compose(platform, config, database);
  } catch (error) {
    database.close();
    throw error;
  }
}

async function compose(
  platform: Platform,
  config: StationConfig,
  database: WritableDatabase,
): Promise<Station> {
  const { log } = platform;
  const listeners = new Set<(slot: number, event: RunEvent) => void>();
  const announce = createStationTopics(platform.random.id());

  const ground = await layGround(platform, config, database);
  database.claimOwnership();
  const { audit, records, settings, ring, vault } = ground;
  const health = createHealth({
    database,
    platform,
    audit,
    limits: config.disk,
    publish: (state) => announce.station(state),
  });
  const source: AuditSource = {
    head() {
      // What the registry keeps of the trail is then true of every record, too.
      keepRecords(records.keep);
      return audit.head();
    },
    hashAt: (seq) => audit.hashAt(seq),
    heard: (rewritten) => health.setTrailRewritten(rewritten),
  };
  const registry = cachedRegistry(settings, source, (key, identity) =>
    proveSecret(database, vault, { station: settings.station(), key, identity }),
  );
  const line = composeLine({ ...ground, announce, registry, health, onBatch, onRunEvent });
  log.info('station.started', {
    inDoubt: line.recovery.inDoubt,
    interruptedRuns: line.recovery.interruptedRuns.length,
    resumedRuns: line.recovery.resumable.length,
  });
  const upstream = composeUpstream({ ...ground, announce, registry });
  const clockTrust = createClockTrust({ ...ground, registry });
  const office = composeOffice({ ...ground, announce, registry, ...line, clockTrust, onReturn });

  const topics = announce.open({
    station: health.state,
    batch: line.batches.state(),
    slots: line.slots.state,
    pool: upstream.pool.state(),
    sync: upstream.sync.state,
    firmware: upstream.firmware.state(),
    imports: { running: [] },
    exports: { running: [] },
    yield: NO_YIELD,
  });
  office.yields.follow(topics.batch.state.active?.batchId ?? null);
  const rooms = { ...ground, ...line, ...upstream, ...office };
  const handlers = createHandlers(rooms);
  line.begin();
  upstream.kick();
  const control = config.control === true ? await serveControl({ access: ground.access, platform }) : null;

  /** What cannot be kept now, on a full disk for example, is kept the next time; nothing else must wait for it. */
  function keepRecords(keep: () => void): void {
    try {
      keep();
    } catch (error) {
      log.warn('records.not-kept', { why: error instanceof Error ? error.message : String(error) });
    }
  }
  function onBatch(): void {
    const state = line.batches.state();
    announce.batch(state);
    office.yields.follow(state.active?.batchId ?? null);
  }
  function onReturn(): void {
    upstream.publishPool();
    upstream.kick();
  }
  function onRunEvent(slot: number, event: RunEvent): void {
    if (event.kind === 'finished') {
      const { runId } = event.result;
      health.onRecorded();
      office.archive.noteEnd(runId);
      database.batchProgress.addFinishedRun(runId);
      office.yields.noteEnd(runId);
      onBatch();
      upstream.kick();
      keepRecords(records.keepMany);
    }
    if (event.kind === 'finished' || event.kind === 'identity') upstream.publishPool();
    for (const listener of listeners) listener(slot, event);
  }

  return {
    get name() {
      return settings.station();
    },
    ...createPageService({ ...rooms, handlers, topics }),
    database,
    settings: {
      ...settings,
      // A station that was bound to a registry while it ran says so at once, and asks it.
      configure(change, by) {
        settings.configure(change, by);
        upstream.kick();
      },
    },
    health,
    registry,
    handlers,
    recovery: line.recovery,
    batches: line.batches,
    slots: line.slots,
    slotPlaces: line.slotPlaces,
    prompts: line.prompts,
    scans: line.scans,
    startUnit: line.startUnit,
    nextUnit: line.nextUnit,
    resumeRuns: line.resumeRuns,
    pool: upstream.pool,
    sync: upstream.sync,
    firmware: upstream.firmware,
    uploads: upstream.uploads,
    access: ground.access,
    samplePeople: ground.samplePeople,
    returns: office.returns,
    reports: office.reports,
    recordRecipeLock({ recipe, version, sha256 }, by) {
      database.transaction(() => audit.record(by, 'recipe.lock', sha256, { recipe, version }));
    },
    clockTrust,
    identities: () => listIdentities(database, vault),
    rotateKey: (by, onProgress, signal) =>
      rotateKey(
        { database, ring, vault, platform, audit, settings: SEALED_SETTINGS },
        by,
        onProgress,
        signal,
      ),
    onRunEvent(listener) {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    },
    async close() {
      await control?.[Symbol.asyncDispose]();
      ground.access.close();
      await line.close();
      await upstream.firmware.close();
      await upstream.tripleFiles.close();
      upstream.uploads.clear();
      await office.reports.close();
      await office.yields.close();
      await office.archive.close();
      await upstream.sync.close();
      await health.close();
      clockTrust.close();
      database.close();
      log.info('station.closed');
    },
  };
}
