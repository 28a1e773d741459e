import { createAuditTrail, createRecordKeeper } from '../../../../station/core/audit-log/index.ts';
import { finishRun } from '../../../../station/execution/executor/finish-run.ts';
import { openStore, type Store } from '../../../../station/core/database/index.ts';
import { manualClock } from '../../support/manual-clock.ts';
import { PRODUCT } from '../../support/sample-store.ts';

/** Three rows at least in every table, written as a station writes them, and most of it kept in the trail. */
export function fillEveryTable(dataDir: string): void {
  const store = openStore(dataDir);
  const audit = createAuditTrail(store, manualClock());
  const keeper = createRecordKeeper(store, audit);
  const by = { user: 'Chen', role: 'engineer' };
  store.transaction(() => {
    for (const [at, role] of (['operator', 'support', 'engineer'] as const).entries()) {
      store.people.put({ name: `person-${role}`, role, pinHash: `scrypt$${at}` }, at);
      audit.note(by, 'person.add', role);
      store.meta.set(`setting.${at}`, `value ${at}`);
      store.secretKeys.add(at + 1, Buffer.alloc(32, at), at);
      addFirmware(store, at);
      store.batches.addRecipe(
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
      const recipeHash = `h${at}`;
      store.batches.add({
        batchId: `B${at}`,
        name: `b${at}`,
        recipeHash,
        productId: PRODUCT,
        quantity: 9,
        createdAt: 1,
      });
    }
  });
  for (const n of [1, 2, 3, 4]) leaseAndReturn(store, n);
  keeper.keep();
  for (const n of [1, 2, 3]) workUnit(store, n);
  keeper.keep();
  // The newest is in the journal and not yet in the trail.
  workUnit(store, 4);
  store.close();
}

function addFirmware(store: Store, n: number): void {
  const sha256 = String(n).repeat(64);
  store.firmware.add({
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
    productUnfit: null,
    versionUnfit: null,
    name: null,
    description: null,
    importedBy: 'Chen',
    importedAt: n,
  });
  const upload = {
    sha256,
    registryUrl: 'http://r',
    firmwareId: `F${n}`,
    received: 9,
    registrySha256: sha256,
  };
  store.firmware.putDocument({ firmwareSha256: sha256, path: 'readme.txt', sha256, sizeBytes: n });
  store.firmware.putUpload({ ...upload, state: 'offline', startedAt: 1, completedAt: 2 });
}

function leaseAndReturn(store: Store, n: number): void {
  const lease = `lease-${n}`;
  store.transaction(() => {
    store.leases.ask(lease, PRODUCT, 2, n);
    store.leases.hold(lease, `L${n}`, n);
    for (const kind of ['used', 'back']) {
      const deviceName = `${kind}-${n}`;
      store.triples.add(
        { productId: PRODUCT, deviceName, sealed: Buffer.alloc(44, n), source: 'lease', lease },
        n,
      );
    }
    store.leases.askReturn(`return-${n}`, lease, n);
    const back = store.triples.byName(PRODUCT, `back-${n}`);
    if (back !== null)
      store.triples.giveBack(back, `return-${n}`, { at: n, runId: null, note: 'not needed' });
  });
}

/** A unit gets its triple and passes; the registry hears of it. */
function workUnit(store: Store, n: number): void {
  const runId = `run-${n}`;
  const because = { at: n, runId, note: '' };
  store.transaction(() => {
    store.runs.begin({
      runId,
      batchId: 'B0',
      slot: 1,
      portPath: '/dev/null',
      serialNumber: `SN${n}`,
      station: 'S',
      operator: 'Li',
      appVersion: '1',
      recipeHash: 'h0',
      startedAt: n,
    });
    const { unitId } = store.units.see(`CHIP${n}`, 'model', '1.0', n);
    store.runs.setUnit(runId, unitId);
    const triple = store.triples.byName(PRODUCT, `used-${n}`);
    if (triple === null) throw new Error('the pool is empty');
    store.runs.setTriple(runId, triple.tripleId);
    const claimed = store.triples.move(triple, 'claim', because, unitId);
    store.triples.move(store.triples.move(claimed, 'intend', because), 'confirm', because);
    store.runs.setProof(runId, { readBack: 'full', online: 'none' });
    for (const seq of [1, 2, 3]) {
      const step = {
        seq,
        phase: 'p',
        step: `s${seq}`,
        attempt: 1,
        outcome: 'PASS',
        startedAt: n,
        ms: 1.5,
      } as const;
      const measured = { name: `m${seq}`, value: 3.3, unit: 'V', limits: '3 … 4', outcome: 'PASS' } as const;
      store.runs.addStep(runId, { ...step, failure: null }, [{ ...measured, low: 3, high: 4 }]);
    }
  });
  finishRun(store, runId, n + 10, 'PASS', null);
  if (n === 4) return;
  const seqs = store.outbox.pending(99).map(({ seq }) => seq);
  store.transaction(() => {
    store.outbox.sent(seqs, n + 20);
    store.triples.register([{ productId: PRODUCT, deviceName: `used-${n}`, runId }], n + 20);
  });
}
