import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { sha256Hex } from '#node-kit/crypto/index.ts';
import { Session } from '#shared/rpc/index.ts';
import { parseRecipe, verifyFile } from '#station';
import { unitFault } from '../../../../simulator/faults/index.ts';
import { formatManifest, parseManifest } from '../../../../station/results/reports/manifest.ts';
import { invoke } from '../../../kit/in-process.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { type SimulatedUnits, simulated } from '../../../kit/units.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { infoOf, readAttachment, textOf } from '../../results/reports/pdf/poppler.ts';
import { NEVER_ABORTED as NEVER } from '../../../support/never-aborted.ts';
import { soon } from '../../../support/patience.ts';

const BY = { user: 'Chen', role: 'engineer' } as const;

const start = (): Promise<TestStation<SimulatedUnits>> =>
  startStation({ units: simulated(3), registry: 'real', recipe: moduleRecipe(), triples: 5 });

describe('the balance of a batch and its closing', () => {
  it('waits for the registry, is signed, and is said again with what has changed since', async () => {
    await using setup = await start();
    const { station, batchId } = setup;
    const passed = await setup.run(1);
    expect(passed.outcome).toBe('PASS');
    await setup.run(2);
    expect(await faultOf(() => station.documents.close(batchId, BY, NEVER))).toMatchObject({
      code: 'batch-unbalanced',
      details: { open: 2 },
    });
    expect(station.batches.get(batchId).closedAtMs).toBeNull();
    await station.sync.drain(soon());
    station.batches.select(batchId);
    const closed = await station.documents.close(batchId, BY, NEVER);
    expect(closed.document).toMatchObject({
      station: 'S1',
      batch: { id: batchId, closed: { by: 'Chen' } },
      counts: { issued: 2, registered: 2, open: 0 },
      addsUp: true,
      units: { passed: 2, notPassed: 0, runs: 2 },
    });
    expect(closed.document.comparedWithRegistryAt).not.toBeNull();
    // It takes no runs, is not selected, and is not closed twice.
    expect(station.batches.state().active).toBeNull();
    expect(() => station.batches.select(batchId)).toThrow(/closed/);
    const request = { batchId, serialNumber: 'SN000003', operator: 'Li', slot: 3 };
    expect(() => station.startUnit(request)).toThrow(/closed and takes no runs/);
    expect(await faultOf(() => station.documents.close(batchId, BY, NEVER))).toMatchObject({
      code: 'batch-closed',
    });
    // The same request gives the same bytes.
    const again = await station.documents.balance(batchId, BY, NEVER);
    expect([again.isNew, again.sha256]).toEqual([false, closed.sha256]);

    const writeOff = {
      deviceName: passed.deviceName ?? '',
      productId: null,
      reason: 'scrapped',
      approver: 'Wang',
    };
    await station.returns.writeOff(writeOff, BY, NEVER);
    await station.sync.drain(soon());
    const later = await station.documents.balance(batchId, BY, NEVER);
    expect(later.document.counts).toMatchObject({ issued: 2, registered: 1, retired: 1 });
    expect(later.document.previous).toMatchObject({
      sha256: closed.sha256,
      changes: [{ deviceName: passed.deviceName, from: 'registered', to: 'retired' }],
    });
    // Both stay in the records.
    expect(station.database.audit.listOfSubject(batchId).map(({ action }) => action)).toEqual(
      expect.arrayContaining(['batch.create', 'batch.close', 'document.sign']),
    );
    expect(station.database.findViolations()).toEqual([]);
  });

  it('is made by commands and verified without the station; the registry says whose key it is', async () => {
    await using setup = await start();
    const { station, batchId, registry, dataDir, dir } = setup;
    await setup.run(1);
    await station.sync.drain(soon());
    await setup.close();
    const at = (...args: string[]) => invoke(...args, '--data', dataDir, '--json');
    const json = join(dir, 'balance.json');
    const text = join(dir, 'balance.txt');
    const certificate = join(dir, 'certificate.json');
    const pem = join(dir, 'key.pem');
    expect((await at('batch', 'close', batchId)).events).toMatchObject([
      {
        event: 'batch.closed',
        batch: batchId,
        counts: { issued: 1, registered: 1 },
        comparedWithRegistry: true,
      },
    ]);
    expect(await at('batch', 'close', batchId)).toMatchObject({
      status: 2,
      events: [{ code: 'batch-closed' }],
    });
    expect(await at('batch', 'balance', batchId, '--out', json)).toMatchObject({ status: 0 });
    expect(await at('batch', 'balance', batchId, '--out', text)).toMatchObject({ status: 0 });
    expect(await at('unit', 'certificate', 'SN000001', '--out', certificate)).toMatchObject({
      status: 0,
      events: [{ event: 'unit.certificate', serialNumber: 'SN000001' }],
    });
    // The PDF for people has the signed file attached.
    const pdf = join(dir, 'certificate.pdf');
    expect(await at('unit', 'certificate', 'SN000001', '--out', pdf)).toMatchObject({ status: 0 });
    expect(infoOf(pdf)['Pages']).toBe('1');
    expect(textOf(pdf)).toContain('产品合格证明 合格 SN000001');
    expect(textOf(pdf)).toContain((await at('station', 'key')).events[0]?.['fingerprint']);
    expect(readAttachment(pdf, 'certificate.json')).toEqual(readFileSync(certificate));
    expect(await invoke('verify', pdf, '--json')).toMatchObject({
      status: 2,
      events: [{ code: 'bad-input' }],
    });
    const report = join(dir, 'report.pdf');
    expect(await at('report', batchId, '--format', 'pdf', '--out', report)).toMatchObject({ status: 0 });
    expect(textOf(report)).toContain('本批次发放 1 数量相符。');
    const key = await at('station', 'key', '--out', pem);
    const fingerprint = String(key.events[0]?.['fingerprint']);
    // The registry has learned the key, and lists it.
    const [listed] = registry.store.stations();
    expect(listed).toMatchObject({ name: 'S1', keys: [fingerprint] });

    const verify = (file: string, ...more: string[]) => invoke('verify', file, '--json', ...more);
    const kinds = ['batch-balance', 'batch-balance-text', 'birth-certificate'];
    for (const [n, file] of [json, text, certificate].entries()) {
      expect(await verify(file), file).toMatchObject({
        status: 0,
        events: [
          { event: 'verified', whole: true, station: 'S1', kind: kinds[n], key: 'not-compared', fingerprint },
        ],
      });
      for (const trust of [
        ['--key', pem],
        ['--fingerprint', fingerprint.toUpperCase()],
        ['--registry', registry.service.http],
      ])
        expect(await verify(file, ...trust), trust[0]).toMatchObject({
          status: 0,
          events: [{ key: 'trusted' }],
        });
      expect(await verify(file, '--fingerprint', '0'.repeat(64))).toMatchObject({
        status: 4,
        events: [{ whole: false, problem: 'other-key', station: 'S1' }],
      });
      const changed = `${file}.changed`;
      writeFileSync(changed, readFileSync(file, 'utf8').replace('SN000001', 'SN000007'));
      expect(await verify(changed)).toMatchObject({
        status: 4,
        events: [{ whole: false, problem: 'changed' }],
      });
    }
    expect((await verify(join(dir, 'none.json'))).status).toBe(3);
    const none = join(dir, 'none', 'b.json');
    for (const args of [
      ['batch', 'balance', batchId],
      ['unit', 'certificate', 'SN000001'],
      ['station', 'key'],
    ]) {
      expect((await at(...args, '--out', none)).events, args.join(' ')).toMatchObject([
        { code: 'file-missing', message: `the folder of ${none} does not exist` },
      ]);
    }
    // A report is compared with its manifest.
    const exported = join(dir, 'report.csv');
    expect((await at('report', batchId, '--format', 'csv', '--out', exported)).status).toBe(0);
    expect(await verify(exported)).toMatchObject({
      status: 0,
      events: [{ event: 'verified', whole: true, kind: 'report', station: 'S1', key: 'not-signed' }],
    });
    expect(await verify(exported, '--key', pem)).toMatchObject({
      status: 4,
      events: [{ whole: false, problem: 'not-signed' }],
    });
    // A manifest has no signature and does not make a signed file whole.
    const forged = readFileSync(json, 'utf8').replace('SN000001', 'SN000007');
    writeFileSync(join(dir, 'forged.json'), forged);
    const read = parseManifest(readFileSync(`${exported}.manifest.json`, 'utf8'));
    if (read.kind !== 'whole') throw new Error(read.kind);
    const [bytes, sha256] = [Buffer.byteLength(forged), sha256Hex(Buffer.from(forged))];
    const manifest = formatManifest({ ...read.manifest, file: 'forged.json', bytes, sha256 });
    writeFileSync(join(dir, 'forged.json.manifest.json'), manifest);
    expect((await invoke('report', 'verify', join(dir, 'forged.json'))).status).toBe(0);
    expect(await verify(join(dir, 'forged.json'))).toMatchObject({
      status: 4,
      events: [{ whole: false, problem: 'changed' }],
    });
    writeFileSync(exported, readFileSync(exported, 'utf8').replace('PASS', 'FAIL'));
    expect(await verify(exported)).toMatchObject({ status: 4, events: [{ whole: false }] });
    expect((await invoke('verify', json)).stdout).toContain('was not compared');
  });
});

describe('the calls of pages', () => {
  it('show the balance, close the batch, and verify a file with the keys of this station and of the registry', async () => {
    await using setup = await start();
    const { station, batchId } = setup;
    await setup.run(1);
    await station.sync.drain(soon());
    const session = new Session({ role: 'engineer', user: 'Chen' });
    const context = { by: session.current, session, lateMs: 0, signal: soon() };
    const balance = await station.handlers['documents.balance']({ batchId, compare: true }, context);
    expect(balance).toMatchObject({
      counts: { issued: 1, registered: 1 },
      addsUp: true,
      closed: null,
      signed: null,
    });
    const closed = await station.handlers['documents.closeBatch']({ batchId }, context);
    const text = await station.handlers['documents.exportBalance']({ batchId, format: 'txt' }, context);
    for (const { fileId, name } of [closed, text]) {
      const file = station.file(fileId, { role: 'engineer', user: 'Chen' });
      expect(station.file(fileId, { role: 'operator', user: 'Li' })).toBeNull();
      const bytes = readFileSync(file?.path ?? '');
      const verify = async (content: Buffer) => {
        const upload = await station.receiveUpload(
          name,
          content.length,
          Readable.from([content]),
          session.current,
          soon(),
        );
        return station.handlers['documents.verify']({ uploadId: upload.fileId }, context);
      };
      expect(await verify(bytes)).toMatchObject({
        whole: true,
        key: 'trusted',
        comparedWith: 'own',
        station: 'S1',
      });
      const changed = Buffer.from(bytes);
      changed[100] = (changed[100] ?? 0) ^ 1;
      expect(await verify(changed)).toMatchObject({ whole: false, comparedWith: null });
      // The slots wait while a file is verified.
      await expect(verify(Buffer.alloc(16 * 1024 * 1024 + 1))).rejects.toMatchObject({ code: 'bad-input' });
    }
    // A file of another station of the same registry, which has learned its key.
    await station.sync.drain(soon());
    await using other = await startStation({ sharedRegistry: setup.registry, name: 'S2' });
    const key = setup.station.signingKeys.list()[0]?.keyId ?? '';
    const content = readFileSync(station.file(closed.fileId, session.current)?.path ?? '');
    const upload = await other.station.receiveUpload(
      'b.json',
      content.length,
      Readable.from([content]),
      session.current,
      soon(),
    );
    expect(
      await other.station.handlers['documents.verify']({ uploadId: upload.fileId }, context),
    ).toMatchObject({
      whole: true,
      key: 'trusted',
      comparedWith: 'registry',
      keyId: key,
    });
  });
});

describe('the birth certificate of a unit', () => {
  it('says who it is and what was measured, and never its secret', async () => {
    await using setup = await start();
    const { station, registry } = setup;
    const run = await setup.run(1);
    const made = await station.documents.certificate(run.runId, BY, NEVER);
    expect(made.document).toMatchObject({
      unit: { serialNumber: 'SN000001', idKind: 'mac' },
      identity: { deviceName: run.deviceName, state: 'burned' },
      recipe: { name: 'test-recipe', version: '1.0.0', locked: false },
      run: { id: run.runId, outcome: 'PASS', operator: 'Li', station: 'S1', slot: 1 },
      proof: { readBack: 'bcc8', online: 'registry', unproven: false },
    });
    const { measurements, measured } = made.document;
    expect('attachments' in made.document).toBe(false);
    expect(measured).toBe(measurements.length);
    expect(measurements).toContainEqual(
      expect.objectContaining({ phase: 'test', name: 'flash-size', unit: 'MB', outcome: 'PASS' }),
    );
    for (const secret of registry.secrets.values()) expect(made.file.includes(secret)).toBe(false);
    const again = await station.documents.certificate(run.runId, BY, NEVER);
    expect([again.isNew, again.sha256]).toEqual([false, made.sha256]);
    // The registry has acknowledged it since: another certificate.
    await station.sync.drain(soon());
    const later = await station.documents.certificate(run.runId, BY, NEVER);
    expect(later.document.identity.state).toBe('registered');
  });

  it('lists the files of its run, each with its length and digest', async () => {
    const script = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ unit }) => { await unit.attach('curve.csv', 't,V\\n0,3.3\\n'); });`;
    const steps = '  - name: files\n    steps: [{ verb: script, name: own, file: own.ts }]\n';
    const files = new Map([['own.ts', Buffer.from(script)]]);
    await using setup = await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: parseRecipe(moduleRecipe({ steps }), 'recipe', files),
    });
    const { station } = setup;
    const run = await setup.run(1);
    expect(run.outcome).toBe('PASS');
    const made = await station.documents.certificate(run.runId, BY, NEVER);
    const [row] = station.database.attachments.listOfRun(run.runId);
    const listed = { name: 'curve.csv', mediaType: 'text/csv', bytes: 10, sha256: row?.sha256 };
    expect(made.document.attachments).toEqual([listed]);
    expect(await verifyFile(made.file, {})).toMatchObject({ whole: true, kind: 'birth-certificate' });
  });

  it('is signed with the same key, and not stored, while another process runs the station', async () => {
    await using setup = await start();
    const run = await setup.run(1);
    const out = join(setup.dir, 'certificate.json');
    const certify = () =>
      invoke('unit', 'certificate', 'SN000001', '--out', out, '--data', setup.dataDir, '--json');
    // A key is made by the station alone.
    expect(await certify()).toMatchObject({ status: 3, events: [{ code: 'data-busy' }] });
    const { keyId } = setup.station.signingKeys.ensure();
    expect(await certify()).toMatchObject({ status: 0, events: [{ fingerprint: keyId, stored: false }] });
    expect((await invoke('verify', out, '--fingerprint', keyId, '--json')).events).toMatchObject([
      { whole: true, key: 'trusted' },
    ]);
    expect(setup.station.database.signedDocuments.findLatest('birth-certificate', run.runId)).toBeNull();
  });

  it('is refused in one line for a unit that is not as the run left it', async () => {
    const silent = unitFault.parse({ fault: 'silent' });
    await using setup = await startStation({
      units: simulated(2, { faults: { units: { 2: [silent] } } }),
      registry: 'real',
      recipe: moduleRecipe({ commandTimeoutMs: 500 }),
    });
    const { station, batchId } = setup;
    const refusal = async (runId: string) =>
      (await faultOf(() => station.documents.certificate(runId, BY, NEVER))).details['refusal'];
    const run = await setup.run(1);
    station.batches.create({ recipe: station.batches.recipeOf(batchId), quantity: 9, name: 'second' }, BY);
    const second = station.batches.state().batches.find(({ name }) => name === 'second')?.batchId ?? '';
    const again = await station.startUnit({
      batchId: second,
      serialNumber: 'SN000001',
      operator: 'Li',
      slot: 1,
    }).finished;
    station.slots.acknowledge(1);
    expect(await refusal(run.runId)).toBe('not-latest');
    await station.documents.certificate(again.runId, BY, NEVER);
    const writeOff = {
      deviceName: run.deviceName ?? '',
      productId: null,
      reason: 'scrapped',
      approver: 'Wang',
    };
    await station.returns.writeOff(writeOff, BY, NEVER);
    expect(await refusal(again.runId)).toBe('retired');
    expect(await faultOf(() => station.documents.certificate('none', BY, NEVER))).toMatchObject({
      code: 'not-found',
    });
    const failed = await setup.run(2);
    expect(await refusal(failed.runId)).toBe('not-passed');
  });
});
