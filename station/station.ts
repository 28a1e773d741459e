import { BackupWork } from './administration/backups/index.ts';
import { ClockTrust } from './administration/clock-trust/index.ts';
import { serveControl } from './administration/control-socket/index.ts';
import { Downloads } from './administration/downloads/index.ts';
import { Health, IntegrityCheck } from './administration/health/index.ts';
import { Access, createSampleUsers } from './administration/users/index.ts';
import { SEALED_SETTINGS, Settings } from './administration/settings/index.ts';
import { AttachmentRetention } from './administration/storage/index.ts';
import { createUpdates } from './administration/updates/index.ts';
import { keepRealData } from './administration/setup/index.ts';
import type { StationConfig } from './config.ts';
import { Admission } from './core/admission/index.ts';
import { createAuditTrail, createJournalDigests } from './core/audit-log/index.ts';
import { DISK_RESERVE_BYTES, openStationDatabase } from './core/database/index.ts';
import type { Platform } from './core/platform/index.ts';
import { UploadStore } from './core/uploads/index.ts';
import { createDocuments } from './execution/documents/index.ts';
import { Execution } from './execution/execution.ts';
import type { RunEvent } from './execution/executor/index.ts';
import { createRecipes } from './execution/recipe-library/index.ts';
import { createRecipeTitles } from './execution/recipes/index.ts';
import { hasRecording } from './execution/recording/index.ts';
import { createFirmware } from './firmware/index.ts';
import { createHandlers } from './handlers.ts';
import {
  createLedger,
  createPool,
  createTripleFiles,
  createVault,
  bindToMachine,
  listIdentities,
  openKeyRing,
  openFilledSecretDigest,
  type Pool,
  rotateKey,
  proveSecret,
  withSecretProof,
} from './identity/index.ts';
import { joinImports } from './import-progress.ts';
import { openArchive } from './open-archive.ts';
import { createPageService } from './page-service.ts';
import { cachedRegistry, createSync } from './registry-sync/index.ts';
import { ForeignRuns } from './results/foreign-runs/index.ts';
import { createPrinting } from './results/printing/index.ts';
import { createLabelPrints } from './execution/labels/index.ts';
import { Reports } from './results/reports/index.ts';
import { ScheduledReports } from './results/scheduled-reports/index.ts';
import { createYields, NO_YIELD } from './results/yield/index.ts';
import { createReturns } from './returns/index.ts';
import type { Station } from './station-api.ts';
import { appendDigests, logStart, recordExposedKey, recordLostEntries } from './start-records.ts';
import { createStationTopics } from './topics.ts';

/**
 * Makes a station on a platform; the only function that connects its parts. It owns the data directory until `close`.
 * A start that fails closes what it has opened.
 *
 * The order is: database and audit trail, identity, administration, execution, registry, results and returns, pages. A part
 * gets its dependencies from the parts before it; it reports to later parts through their listeners.
 *
 * Faults: `data-busy`, `database-corrupt`, `database-future`, `file-denied`, `secret-unreadable`.
 */
export async function createStation(platform: Platform, config: StationConfig): Promise<Station> {
  const { clock, log, random, paths } = platform;
  await using opening = new AsyncDisposableStack();
  const topics = createStationTopics(random.id());
  const admission = new Admission();

  // Database and audit trail.
  const database = openStationDatabase(paths.dataDir, {
    reserveBytes: config.disk?.reserveBytes ?? DISK_RESERVE_BYTES,
    lock: config.lock,
  });
  opening.defer(() => database.close());
  // Read before this start writes any record by a clock that was not checked yet.
  const newestRecordMs = database.newestRecordMs();
  const ring = await openKeyRing(database, platform);
  const vault = createVault(ring, random);
  const audit = createAuditTrail(database, clock);
  recordLostEntries(platform, database, audit);
  const journalDigests = createJournalDigests(database, audit);
  journalDigests.appendAdopted();

  // Identity, and the users who may change it.
  const access = new Access({ database, platform, audit });
  opening.defer(() => access.close());
  const sampleUsers = createSampleUsers({
    database,
    platform,
    audit,
    sampleLine: config.sampleLine === true,
  });
  recordExposedKey(platform, database, audit);
  const secretDigest = openFilledSecretDigest(database, vault, platform);
  const settings = new Settings(database, vault, audit, platform);
  opening.defer(() => keepRealData({ platform, config, database, settings, access, sampleUsers }));
  const station = (): string => settings.station();
  const ledger = createLedger(database, vault, clock, audit);
  // After the ledger has compared the high-water mark: that steps are missing is the more exact finding.
  await bindToMachine({ database, platform, audit, approve: access.approve }, config.moved);
  database.claimOwnership();

  // Administration.
  const health = new Health({
    database,
    platform,
    audit,
    station,
    limits: config.disk,
    publish: topics.publish.station,
  });
  opening.defer(() => health.close());
  const backupWork = new BackupWork(clock, topics.publish.backupWork);
  opening.defer(() => backupWork.close());
  const integrity = new IntegrityCheck(database, log);
  opening.defer(() => integrity.close());
  const registry = cachedRegistry(
    settings,
    {
      head() {
        // The registry's copy of the head then covers every record, too.
        appendDigests(log, () => journalDigests.append());
        return audit.head();
      },
      hashAt: (seq) => audit.hashAt(seq),
      onVerified: (rewritten) => health.setTrailRewritten(rewritten),
    },
    (key, identity) => proveSecret(database, vault, { station: station(), key, identity }),
  );
  const clockTrust = new ClockTrust({ database, platform, audit, access, registry, newestRecordMs });
  opening.defer(() => clockTrust.close());

  // Execution.
  const printing = createPrinting({ database, audit, platform }, topics.publish.printer);
  opening.defer(() => printing.printerWatch.close());
  const execution = new Execution({
    platform,
    config,
    admission,
    database,
    audit,
    ledger,
    vault,
    registry,
    station,
    requireCanRecord: () => health.requireCanRecord(),
    createPrints: (all) => createLabelPrints({ database, audit, platform, ...printing }, all),
    publish: topics.publish.slots,
  });
  logStart(log, execution.recovery);
  const { batches, slots, baudRates, scans, attachments } = execution;
  const ofSlots = execution.ofPages;

  // Registry: triples, messages, firmware.
  const publishPool = (): void => topics.publish.pool(pool.state());
  const pool: Pool = createPool({
    database,
    vault,
    secretDigest,
    platform,
    audit,
    registry,
    onChange: publishPool,
  });
  const sync = createSync({
    database,
    platform,
    audit,
    approve: access.approve,
    registry,
    publish: topics.publish.sync,
    onRegistered: publishPool,
    createProofAdder: () => withSecretProof(database, vault, station()),
    settle: async (client, signal) => {
      await pool.reportReturns(client, signal);
      await client.audit.report(signal);
      await client.keys.report(documents.signingKeys.list(), signal);
    },
  });
  opening.defer(() => sync.close());
  /** Sends waiting messages, unless the host sends them only on request. */
  const scheduleSync = (): void => {
    if (config.autoSync !== false && !admission.isEnded) sync.schedule();
  };
  settings.onChange(scheduleSync);
  const uploads = new UploadStore(paths.dataDir, () => random.id());
  opening.defer(() => uploads.close());
  const imports = joinImports(topics.publish.imports);
  const tripleFiles = createTripleFiles({
    pool,
    uploads,
    database,
    platform,
    publish: imports.ofTriples,
  });
  opening.defer(() => tripleFiles.close());
  const firmware = createFirmware({
    database,
    platform,
    audit,
    uploads,
    registry,
    registryUrl: () => settings.registry()?.url ?? null,
    publish: topics.publish.firmware,
  });
  opening.defer(() => firmware.close());

  const recipes = createRecipes({
    database,
    platform,
    audit,
    approve: access.approve,
    config,
    publish: topics.publish.dryRun,
  });
  opening.defer(() => recipes.dryRuns.close());

  // Results and returns.
  const isTesting = (): boolean => slots.running().length > 0;
  const archive = openArchive(platform, database, settings, clockTrust, isTesting);
  opening.defer(() => archive.close());
  const recipeTitles = createRecipeTitles(database.batches);
  const yields = createYields({ platform, database, audit, recipeTitles, publish: topics.publish.yield });
  opening.defer(() => yields.close());
  const reports = new Reports({
    platform,
    database,
    station,
    removalGuard: clockTrust,
    recipeTitles,
    appVersion: config.appVersion,
    publish: topics.publish.exports,
  });
  opening.defer(() => reports.close());
  const forReports = { platform, database, audit, station, config, clockTrust, recipeTitles, registry };
  const scheduledReports = opening.use(new ScheduledReports(forReports));
  const attachmentRetention = opening.use(new AttachmentRetention(forReports, attachments));
  const foreignRuns = new ForeignRuns({ database, platform, audit, attachments });
  opening.defer(() => foreignRuns.close());
  const onReturns = { database, ledger, platform, audit, slots, baudRates, batches, registry, station };
  const returns = createReturns({
    ...onReturns,
    approve: access.approve,
    onChange() {
      publishPool();
      scheduleSync();
    },
  });
  const results = {
    attachmentRetention,
    reports,
    scheduledReports,
    foreignRuns,
    yields,
    returns,
    recipeTitles,
  };

  // What happens at the slots reaches every part that reports it.
  const publishBatch = (): void => {
    const state = batches.state();
    topics.publish.batch(state);
    yields.follow(state.active?.batchId ?? null);
    scheduledReports.batchesChanged();
  };
  execution.onBatchChange(publishBatch);
  execution.onRunEvent((_slot, event) => {
    if (event.kind === 'finished') onRunFinished(event);
    if (event.kind === 'finished' || event.kind === 'identity') publishPool();
  });
  function onRunFinished({ result: { runId } }: Extract<RunEvent, { kind: 'finished' }>): void {
    health.onRecorded();
    archive.runEnded(runId);
    attachmentRetention.sweepWhenDue();
    database.batchProgress.addFinishedRun(runId);
    yields.recordEnd(runId);
    publishBatch();
    scheduleSync();
    appendDigests(log, () => journalDigests.appendWhenLong());
  }

  const updateParts = { platform, config, database, audit, health, slots };
  const updates = createUpdates({ ...updateParts, publish: topics.publish.updates });
  opening.defer(() => updates.close());

  // Pages and commands. Runs are stopped first when the station closes: what they report then still has its receivers.
  const downloads = new Downloads(paths.dataDir, () => random.id());
  opening.defer(() => downloads.clear());
  const onDocuments = { ...updateParts, vault, registry, station, batches, downloads };
  const documents = createDocuments({ ...onDocuments, onNewKey: scheduleSync });
  const handlers = createHandlers({
    ...documents,
    platform,
    config,
    admission,
    database,
    settings,
    ...ofSlots,
    ...printing,
    archive,
    audit,
    clockTrust,
    updates,
    downloads,
    health,
    backupWork,
    access,
    sampleUsers,
    batches,
    slots,
    ...recipes,
    ...execution.lending,
    uploads,
    scans,
    pool,
    tripleFiles,
    sync,
    firmware,
    ...results,
    publishRunImports: imports.ofRuns,
    dataDir: paths.dataDir,
    whenFactsReady: (signal) => yields.whenFactsReady(signal),
    isRecorded: (runId) => hasRecording(paths.dataDir, runId),
  });
  const ofPages = { platform, admission, database, attachments, access, downloads, reports, sync, firmware };
  const pages = createPageService({
    ...ofPages,
    uploads,
    handlers,
    topics: topics.open({
      station: health.state(),
      updates: updates.state(),
      batch: batches.state(),
      dryRun: recipes.dryRuns.state(),
      slots: slots.state,
      pool: pool.state(),
      sync: sync.state(),
      printer: printing.printerWatch.state(),
      firmware: firmware.state(),
      imports: { running: [] },
      exports: { running: [] },
      backupWork: backupWork.state(),
      yield: NO_YIELD,
    }),
    documentFiles: documents.documentFiles,
  });
  yields.follow(batches.state().active?.batchId ?? null);
  opening.defer(() => execution.close());
  execution.start();
  scheduledReports.start();
  scheduleSync();
  if (config.control === true) opening.use(await serveControl({ ...ofPages, uploads, pages }));

  const owned = opening.move();
  const sealed = { database, ring, vault, platform, audit, settings: SEALED_SETTINGS };
  return {
    get name() {
      return station();
    },
    ...pages,
    database,
    settings,
    health,
    ...documents,
    handlers,
    clockTrust,
    access,
    sampleUsers,
    recovery: execution.recovery,
    batches,
    slots,
    ...ofSlots,
    scans,
    printerSettings: printing.printerSettings,
    printer: printing.printer,
    lending: execution.lending,
    startUnit: (order) => execution.startUnit(order),
    nextUnit: (...args) => execution.nextUnit(...args),
    resumeRuns: () => execution.resumeRuns(),
    onRunEvent: (listener) => execution.onRunEvent(listener),
    pool,
    sync,
    firmware,
    uploads,
    ...results,
    recipes: recipes.recipes,
    recipeDrafts: recipes.recipeDrafts,
    identities: () => listIdentities(database, vault),
    rotateKey: (onProgress, by, signal) => rotateKey(sealed, onProgress, by, signal),
    recordRecipeLock({ recipe, version, sha256 }, by) {
      database.transaction(() => audit.record(by, 'recipe.lock', sha256, { recipe, version }));
    },
    async close() {
      admission.end();
      await owned.disposeAsync();
      log.info('station.closed');
    },
  };
}
