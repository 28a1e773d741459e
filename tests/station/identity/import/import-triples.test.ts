import { createHash } from 'node:crypto';
import { appendFileSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { Fault } from '#shared/domain/fault.ts';
import { type Station, STATION_ITSELF } from '#station';
import { faultOf } from '../../../support/fault-of.ts';
import { PRODUCT, SECRET } from '../../../kit/sample-rows.ts';
import { memoryDir } from '../../../support/temp-dir.ts';
import { soon } from '../../../support/patience.ts';
import { openStation } from '../../../kit/station.ts';

let dir: ReturnType<typeof memoryDir>;
let station: Station;
beforeEach(async () => {
  dir = memoryDir();
  station = await openStation(join(dir.path, 'data'));
});
afterEach(async () => {
  await station.close();
  dir[Symbol.dispose]();
});

const HEADER = 'ProductId,DeviceName,DeviceSecret\n';
const rowsOf = (names: readonly string[]): string =>
  names.map((name) => `${PRODUCT},${name},${secretOf(name)}\n`).join('');
/** A name has its own secret wherever it stands. */
const secretOf = (name: string): string => createHash('md5').update(name).digest('base64');
function csv(...names: string[]): string {
  const file = join(dir.path, 'triples.csv');
  writeFileSync(file, HEADER + rowsOf(names));
  return file;
}
const available = () => station.pool.state().products.reduce((sum, { counts }) => sum + counts.available, 0);
const fixture = (name: string) =>
  fileURLToPath(new URL(`../../../fixtures/triples/${name}`, import.meta.url));

describe('an import of triples', () => {
  it('names every bad row by line and reason, and nothing is imported', async () => {
    const file = fixture('with-errors.csv');
    const report = await station.pool.importCsv(file, {}, STATION_ITSELF, soon());
    expect(report.added).toBe(0);
    expect(report.rejected.length).toBeGreaterThan(3);
    const lines = readFileSync(file, 'utf8').split(/\r?\n/).length;
    for (const { line, reason } of report.rejected) {
      expect(line).toBeGreaterThan(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(reason).toMatch(/\w/);
    }
    expect(report.rejected.map(({ line }) => line)).toEqual(
      report.rejected.map(({ line }) => line).toSorted((a, b) => a - b),
    );
    expect(station.pool.state().products).toEqual([]);
    const skipped = await station.pool.importCsv(file, { skipBad: true }, STATION_ITSELF, soon());
    expect(skipped).toMatchObject({
      added: report.rows - report.rejected.length,
      skipped: report.rejected.length,
    });
    expect(available()).toBe(skipped.added);
  });

  it('refuses what is in the file twice, in the pool, or in the history in whatever state', async () => {
    await station.pool.importCsv(csv('inpool', 'used', 'gone'), {}, STATION_ITSELF, soon());
    const { database } = station;
    const because = { at: 1, runId: null, note: '' };
    database.transaction(() => {
      const { unitId } = database.units.recordSeen('A2B700000001', null, null, 1);
      for (const [name, event] of [
        ['used', 'claim'],
        ['gone', 'retire'],
      ] as const) {
        const row = database.triples.findByName(PRODUCT, name);
        if (row !== null) database.triples.applyEvent(row, event, because, event === 'claim' ? unitId : null);
      }
    });
    const file = csv('fresh', 'inpool', 'twice', 'used', 'twice', 'gone');
    const report = await station.pool.importCsv(file, {}, STATION_ITSELF, soon());
    expect(report).toEqual({
      rows: 6,
      added: 0,
      skipped: 0,
      rejected: [
        { line: 3, reason: 'inpool is in the ledger already (available)' },
        { line: 5, reason: 'used is in the ledger already (claimed)' },
        { line: 6, reason: 'duplicate of line 4' },
        { line: 7, reason: 'gone is in the ledger already (retired)' },
      ],
      notes: [],
    });
    expect(available()).toBe(1);
    expect(
      await station.pool.importCsv(file, { dryRun: true, skipBad: true }, STATION_ITSELF, soon()),
    ).toMatchObject({
      added: 2,
      skipped: 4,
    });
    expect(available()).toBe(1);
    expect(await station.pool.importCsv(file, { skipBad: true }, STATION_ITSELF, soon())).toMatchObject({
      added: 2,
    });
    expect(available()).toBe(3);
  });

  it('sees what came into the ledger while the file was read', async () => {
    const names = Array.from({ length: 450 }, (_, n) => `d${n}`);
    let told = 0;
    const report = await station.pool.importCsv(
      csv(...names),
      {
        onProgress() {
          told += 1;
          if (told !== 2) return;
          const row = {
            productId: PRODUCT,
            deviceName: 'd7',
            sealed: Buffer.from('x'),
            source: 'lease',
            lease: null,
          };
          station.database.transaction(() => station.database.triples.add(row, 1));
        },
      },
      STATION_ITSELF,
      soon(),
    );
    expect(report).toMatchObject({
      added: 0,
      rejected: [{ line: 9, reason: 'd7 is in the ledger already (available)' }],
    });
    expect(available()).toBe(1);
  });

  it('leaves nothing when it is stopped or the file turns out unreadable, and can be made again', async () => {
    const names = Array.from({ length: 450 }, (_, n) => `d${n}`);
    const file = csv(...names);
    const stop = new AbortController();
    const stopped = await faultOf(() =>
      station.pool.importCsv(
        file,
        { onProgress: () => stop.abort(new Fault('cancelled', 'enough')) },
        STATION_ITSELF,
        stop.signal,
      ),
    );
    expect(stopped.code).toBe('cancelled');
    expect(station.pool.state().products).toEqual([]);
    appendFileSync(file, `${PRODUCT},"never closed,${SECRET}\n`);
    expect((await faultOf(() => station.pool.importCsv(file, {}, STATION_ITSELF, soon()))).code).toBe(
      'csv-invalid',
    );
    expect(station.pool.state().products).toEqual([]);
    const [first, second] = await Promise.all([
      station.pool.importCsv(csv('a', 'b'), {}, STATION_ITSELF, soon()),
      station.pool.importCsv(fixture('tencent.csv'), {}, STATION_ITSELF, soon()),
    ]);
    expect(first.added).toBe(2);
    expect(second.added).toBeGreaterThan(0);
    expect(available()).toBe(first.added + second.added);
  });
});
