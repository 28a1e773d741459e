import { createAuditTrail, createJournalDigests } from '../../../../station/core/audit-log/index.ts';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { openStationDatabase, type WritableDatabase } from '../../../../station/core/database/index.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { PRODUCT } from '../../../kit/sample-rows.ts';

/** Three rows at least in every table, written as a station writes them, and most of it kept in the trail. */
export function fillEveryTable(dataDir: string): void {
  const database = openStationDatabase(dataDir);
  const audit = createAuditTrail(database, manualClock());
  const digests = createJournalDigests(database, audit);
  const by = { user: 'Chen', role: 'engineer' } as const;
  database.transaction(() => {
    for (const [at, role] of (['operator', 'support', 'engineer'] as const).entries()) {
      database.users.put({ name: `user-${role}`, role, pinHash: `scrypt$${at}` }, at);
      audit.record(by, 'person.add', role);
      database.meta.set(`setting.${at}`, `value ${at}`);
      database.secretKeys.add(at + 1, Buffer.alloc(32, at), at);
      addFirmware(database, at);
      database.savedFilters.put({
        filterId: `f${at}`,
        name: `filter ${at}`,
        by: 'Chen',
        savedAtMs: at,
        filter: '{}',
        columns: '["outcome"]',
      });
      database.reportSchedules.add({
        scheduleId: `s${at}`,
        definition: '{}',
        folder: '/reports',
        createdAtMs: at,
        createdBy: 'Chen',
      });
      database.reportSchedules.addDue({
        scheduleId: `s${at}`,
        subject: `shift:${at}`,
        batchId: null,
        fromAtMs: 0,
        dueAtMs: at,
      });
      addImport(database, at);
      database.batches.addRecipe(
        {
          hash: `h${at}`,
          name: `recipe ${at}`,
          version: '1',
          source: 's',
          files: new Map([['a.js', Buffer.from('1')]]),
          parts: '{}',
        },
        at,
      );
      database.recipeVersions.lock(`h${at}`, 'Chen', at);
      database.recipeVersions.release(`h${at}`, 'Wang', at + 1);
      addDraft(database, at);
      database.labelTemplates.add({
        name: 'unit',
        version: at + 1,
        sha256: String(at).repeat(64),
        source: 's',
        savedBy: 'Chen',
        savedAtMs: at,
      });
      database.labelTemplates.remove('unit', at + 1, 'Chen', at);
      const recipeHash = `h${at}`;
      database.batches.add({
        batchId: `B${at}`,
        name: `b${at}`,
        recipeHash,
        productId: PRODUCT,
        quantity: 9,
        createdAtMs: 1,
      });
      database.firmware.keepForBatch(`B${at}`, String(at).repeat(64));
    }
  });
  for (const n of [1, 2, 3]) signDocument(database, n);
  for (const n of [1, 2, 3, 4]) leaseAndReturn(database, n);
  digests.append();
  for (const n of [1, 2, 3]) workUnit(database, n);
  digests.append();
  // The newest is in the journal and not yet in the trail.
  workUnit(database, 4);
  database.close();
}

function signDocument(database: WritableDatabase, n: number): void {
  const keyId = String(n).repeat(64);
  database.transaction(() => {
    database.signedDocuments.addKey({
      keyId,
      publicKey: Buffer.alloc(44, n),
      proof: Buffer.alloc(64, n),
      reason: 'rotated',
      createdAtMs: n,
    });
    database.signedDocuments.add({
      kind: 'batch-balance',
      subject: 'B1',
      keyId,
      sha256: String(n + 4).repeat(64),
      content: Buffer.alloc(9, n),
      madeAtMs: n,
      madeBy: 'Chen',
    });
    if (n === 1) database.batches.close('B1', n, 'Chen');
  });
}

function addDraft(database: WritableDatabase, n: number): void {
  const draftId = `D${n}`;
  database.recipeDrafts.put({
    draftId,
    name: 'recipe',
    version: '2',
    source: 's',
    baseHash: null,
    revision: 1,
    issues: 0,
    createdBy: 'Chen',
    savedBy: 'Chen',
    savedAtMs: n,
  });
  database.recipeDrafts.putFile(draftId, 'a.ts', Buffer.from('1'));
}

function addImport(database: WritableDatabase, n: number): void {
  const sourceId = `S${n}`;
  database.foreignRuns.addSource({
    sourceId,
    kind: 'csv',
    name: 'r.csv',
    runs: 0,
    startedAtMs: n,
    importedBy: 'Chen',
  });
  database.foreignRuns.add(sourceId, {
    runId: `foreign-${n}`,
    station: 'L9',
    batchId: '',
    batchName: 'b',
    serialNumber: `F${n}`,
    unitId: null,
    deviceName: null,
    outcome: 'FAIL',
    failureCode: 'x',
    startedAtMs: n,
    digest: String(n),
    record: '{}',
  });
  database.foreignRuns.addFile(`foreign-${n}`, {
    seq: 1,
    phase: 'p',
    step: 's',
    attempt: 1,
    name: 'a.txt',
    mediaType: 'text/plain',
    bytes: 1,
    sha256: String(n).repeat(64),
    madeAtMs: n,
    madeBy: 'script',
    isHere: 0,
  });
  database.foreignRuns.completeSource(sourceId, 1, n);
}

function addFirmware(database: WritableDatabase, n: number): void {
  const sha256 = String(n).repeat(64);
  database.firmware.add({
    sha256,
    md5: String(n).repeat(32),
    sizeBytes: 9,
    fileName: `f${n}.bin`,
    packageName: `p${n}`,
    header: null,
    config: Buffer.from('{}'),
    productId: PRODUCT,
    productFrom: 'given',
    version: `1.${n}`,
    versionFrom: 'given',
    invalidProduct: null,
    invalidVersion: null,
    name: null,
    description: null,
    importedBy: 'Chen',
    importedAtMs: n,
  });
  const upload = {
    sha256,
    registryUrl: 'http://r',
    registryFirmwareId: `F${n}`,
    received: 9,
    registrySha256: sha256,
  };
  database.firmware.putDocument({ firmwareSha256: sha256, path: 'readme.txt', sha256, sizeBytes: n });
  database.firmware.putUpload({ ...upload, state: 'offline', startedAtMs: 1, completedAtMs: 2 });
}

function leaseAndReturn(database: WritableDatabase, n: number): void {
  const lease = `lease-${n}`;
  database.transaction(() => {
    database.leases.addRequest(lease, PRODUCT, 2, n);
    database.leases.setHeld(lease, `L${n}`, n);
    for (const kind of ['used', 'back']) {
      const deviceName = `${kind}-${n}`;
      database.triples.add(
        { productId: PRODUCT, deviceName, sealed: Buffer.alloc(44, n), source: 'lease', lease },
        n,
      );
    }
    database.leases.addReturn(`return-${n}`, lease, n);
    const back = database.triples.findByName(PRODUCT, `back-${n}`);
    if (back !== null)
      database.triples.giveBack(back, `return-${n}`, { at: n, runId: null, note: 'not needed' });
  });
}

/** A unit gets its triple and passes; the registry hears of it. */
function workUnit(database: WritableDatabase, n: number): void {
  const runId = `run-${n}`;
  const because = { at: n, runId, note: '' };
  database.transaction(() => {
    database.runs.add({
      runId,
      batchId: 'B0',
      slot: 1,
      portPath: '/dev/null',
      serialNumber: `SN${n}`,
      station: 'S',
      operator: 'Li',
      appVersion: '1',
      recipeHash: 'h0',
      startedAtMs: n,
    });
    const { unitId } = database.units.recordSeen(`CHIP${n}`, 'model', '1.0', n);
    database.runs.setUnit(runId, unitId);
    database.labelTemplates.takeNumber('count', n, runId);
    const triple = database.triples.findByName(PRODUCT, `used-${n}`);
    if (triple === null) throw new Error('the pool is empty');
    database.runs.setTriple(runId, triple.tripleId);
    const claimed = database.triples.applyEvent(triple, 'claim', because, unitId);
    database.triples.applyEvent(database.triples.applyEvent(claimed, 'intend', because), 'confirm', because);
    database.runs.setProof(runId, { readBack: 'full', online: 'none' });
    for (const seq of [1, 2, 3]) {
      const step = {
        seq,
        phase: 'p',
        step: `s${seq}`,
        attempt: 1,
        outcome: 'PASS',
        startedAtMs: n,
        ms: 1.5,
      } as const;
      const measured = { name: `m${seq}`, value: 3.3, unit: 'V', limits: '3 … 4', outcome: 'PASS' } as const;
      const attached = {
        name: `a${seq}.txt`,
        mediaType: 'text/plain',
        bytes: n,
        sha256: String(n).repeat(64),
        madeAtMs: n,
        madeBy: 'script',
      } as const;
      const added = seq === 3 ? [attached, { ...attached, name: 'b.txt' }] : [];
      database.runs.addStep(runId, { ...step, failure: null }, [{ ...measured, low: 3, high: 4 }], added);
    }
  });
  finishRun(database, runId, n + 10, 'PASS', null);
  database.transaction(() => database.attachments.markRemoved({ runId, stepSeq: 3, seq: 1 }, n + 15));
  printLabel(database, runId, n);
  if (n === 4) return;
  const seqs = database.outbox.listPending(99).map(({ seq }) => seq);
  database.transaction(() => {
    database.outbox.markSent(seqs, n + 20);
    database.triples.markRegistered([{ productId: PRODUCT, deviceName: `used-${n}`, runId }], n + 20);
  });
}

/** The label of a unit is printed, and comes out. */
function printLabel(database: WritableDatabase, runId: string, n: number): void {
  const run = database.runs.findById(runId);
  if (run === null) throw new Error('the run is missing');
  const printId = `print-${n}`;
  database.transaction(() => {
    database.labelPrints.add({
      printId,
      runId,
      unitId: run.unitId,
      tripleId: run.tripleId,
      template: 'default',
      payload: `{"dn":"used-${n}"}`,
      reason: 'pass',
      why: '',
      askedBy: 'Li',
      askedAtMs: n + 10,
      wantsScan: false,
      state: 'waiting',
      slot: 1,
    });
    database.labelPrints.change(printId, { state: 'sending', sentAtMs: n + 11 });
    database.labelPrints.change(printId, { state: 'printed', slot: null, endedAtMs: n + 12 });
  });
}
