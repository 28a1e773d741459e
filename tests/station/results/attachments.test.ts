import { existsSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { STATION_ITSELF } from '#station';
import { AttachmentRetention } from '../../../station/administration/storage/index.ts';
import { createAuditTrail, verifyAll } from '../../../station/core/audit-log/index.ts';
import { AttachmentFiles } from '../../../station/core/attachments/index.ts';
import { describedRecipe, parsedRecipe } from '../../kit/recipes.ts';
import { startStation, type TestStation } from '../../kit/station.ts';
import { scripted } from '../../kit/units.ts';
import { faultOf } from '../../support/fault-of.ts';
import { soon } from '../../support/patience.ts';

let setup: TestStation | null = null;
afterEach(async () => {
  await setup?.[Symbol.asyncDispose]();
  setup = null;
});

async function run(body: string): Promise<string> {
  const source = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ unit }) => { ${body} });`;
  const recipe = parsedRecipe(describedRecipe('- { verb: script, name: own, file: own.ts }'), {
    'own.ts': source,
  });
  setup = await startStation({ units: scripted([() => undefined]), recipe });
  const { runId, failure } = await setup.run();
  expect(failure).toBeNull();
  return runId;
}

it('a page gets the list, the text and the file of an attachment, each for download only', async () => {
  const runId = await run(`await unit.attach('a.html', '<script>alert(1)</script>');
    await unit.attach('b.bin', new Uint8Array([0, 1]));`);
  const { handlers } = setup!.station;
  const context = { signal: soon() } as never;
  const { attachments } = await handlers['attachments.list']({ runId }, context);
  expect(attachments).toMatchObject([
    { name: 'a.html', mediaType: 'text/plain', phase: 'test', step: 'own', attempt: 1, madeBy: 'script' },
    { name: 'b.bin', mediaType: 'application/octet-stream' },
  ]);
  expect(await handlers['attachments.text']({ runId, name: 'a.html' }, context)).toEqual({
    text: '<script>alert(1)</script>',
    isCut: false,
  });
  const text = async (name: string): Promise<unknown> =>
    handlers['attachments.text']({ runId, name }, context);
  expect(await faultOf(() => text('b.bin'))).toMatchObject({ code: 'bad-input' });
  expect(await faultOf(() => text('../a'))).toMatchObject({ code: 'not-found' });
  const operator = { user: 'Li', role: 'operator' } as const;
  expect(setup!.station.file(attachments[0]?.fileId ?? '', operator)).toMatchObject({
    name: 'a.html',
    type: 'text/plain; charset=utf-8',
  });
  expect(setup!.station.file(`attachment-${runId}-99-0`, operator)).toBeNull();
});

it('files are removed after the age that was set, and only then; their records stay', async () => {
  const runId = await run(`await unit.attach('a.txt', 'same'); await unit.attach('b.txt', 'same');`);
  const { database } = setup!.station;
  const [row] = database.attachments.listOfRun(runId);
  const path = join(setup!.dataDir, 'attachments', row?.sha256 ?? '');
  let nowMs = Date.now();
  let isTrusted = false;
  const clock = { nowMs: () => nowMs, monotonicMs: () => nowMs } as never;
  const log = { info: () => undefined, warn: () => undefined, error: () => undefined };
  await using retention = new AttachmentRetention(
    {
      database,
      audit: createAuditTrail(database, clock),
      platform: { clock, log },
      clockTrust: { mayRemove: () => Promise.resolve(isTrusted), update: () => undefined },
    },
    new AttachmentFiles(setup!.dataDir, database, () => 'x'),
  );
  const sweep = () => retention.sweep(STATION_ITSELF, soon());
  nowMs += 400 * 86_400_000;
  expect(await sweep()).toEqual({ removed: 0, bytes: 0 });
  retention.setMaxAge(365, STATION_ITSELF);
  expect(retention.preview()).toMatchObject({ files: 1, bytes: 4 });
  // With a clock that is not trusted nothing is too old.
  expect(await sweep()).toEqual({ removed: 0, bytes: 0 });
  isTrusted = true;
  expect(await sweep()).toEqual({ removed: 2, bytes: 8 });
  expect(existsSync(path)).toBe(false);
  expect(database.attachments.listOfRun(runId)).toMatchObject([
    { name: 'a.txt', removedAtMs: nowMs },
    { name: 'b.txt', removedAtMs: nowMs },
  ]);
  const { attachments, records } = await verifyAll(setup!.dataDir, () => Promise.resolve(null), soon());
  expect(attachments).toEqual({ files: 0, damaged: [], damagedCount: 0 });
  expect(records.tamperedCount).toBe(0);
});

it('JSON Lines have the digests of a run that has attachments, and its folder may be missing after a restore', async () => {
  const runId = await run(`await unit.attach('a.csv', '1,2');`);
  const { station, dataDir, batchId } = setup!;
  const report = await station.reports.export(batchId, 'jsonl', undefined, soon());
  const [line = ''] = readFileSync(station.reports.file(report.fileId)?.path ?? '', 'utf8').split('\n');
  expect(JSON.parse(line)).toMatchObject({
    run: runId,
    attachments: [{ phase: 'test', step: 'own', attempt: 1, name: 'a.csv', bytes: 3, removed: false }],
  });
  const files = new AttachmentFiles(dataDir, station.database, () => 'x');
  expect(files.countMissing()).toBe(0);
  rmSync(join(dataDir, 'attachments'), { recursive: true });
  expect(files.countMissing()).toBe(1);
});
