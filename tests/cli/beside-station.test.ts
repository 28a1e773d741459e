import { mkdirSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soon } from '../support/patience.ts';
import { invoke } from '../kit/in-process.ts';
import { serialOf } from '../kit/units.ts';
import { type PrintingLine, startPrintingLine } from '../station/execution/labels/printing-line.ts';

/** A station that runs in this process and takes commands; each command below finds its data in use. */
let line: PrintingLine;
const ask = (...args: string[]) => invoke(...args, '--json', '--data', line.setup.dataDir);
const trail = (action: string) =>
  [...line.setup.station.database.audit.iterate()].filter((entry) => entry.action === action);

beforeAll(async () => {
  line = await startPrintingLine({ config: { control: true } });
  await line.setup.run(1);
  await line.settled(1);
});
afterAll(() => line[Symbol.asyncDispose]());

describe('commands beside a running station', () => {
  it('set, ask, test and remove its printer, as its pages show it', async () => {
    const { station } = line.setup;
    const place = `zpl://127.0.0.1:${line.printer.port}`;
    expect(await ask('station', 'printer', 'set', place, '--size', '60x40')).toMatchObject({ status: 0 });
    expect(station.printerSettings.get()).toMatchObject({ widthMm: 60, heightMm: 40 });
    expect(station.database.audit.listOfSubject('printer')).toMatchObject([
      {},
      { actor: userInfo().username },
    ]);
    expect((await ask('station', 'printer', 'show')).events).toMatchObject([
      { setting: { widthMm: 60 }, state: { condition: 'ready' } },
    ]);
    expect(await ask('station', 'printer', 'test')).toMatchObject({
      status: 0,
      events: [{ isConfirmed: true }],
    });
    expect(await ask('station', 'printer', 'set', '--size', '50x30')).toMatchObject({ status: 0 });
    expect((await ask('station', 'printer', 'set', 'ftp://x')).status).toBe(2);
    expect(station.printerSettings.get()).toMatchObject({ widthMm: 50, heightMm: 30 });
  });

  it('print labels and decide about them, in the name of who is at the terminal', async () => {
    const { labelPrints } = line.setup.station.database;
    const by = userInfo().username;
    const printed = await ask('label', 'print', '--run', serialOf(1), '--reason', 'scratched');
    expect(printed).toMatchObject({ status: 0, events: [{ event: 'label.printed', copy: 2, askedBy: by }] });
    const print = String(printed.events[0]?.['print']);
    expect(await ask('label', 'void', print, '--reason', 'torn')).toMatchObject({ status: 0 });
    expect(labelPrints.findById(print)).toMatchObject({ voidReason: 'torn', voidBy: by });
    expect(trail('label.void')).toMatchObject([{ actor: by }]);
    expect(await ask('label', 'void', print, '--reason', 'torn')).toMatchObject({
      status: 2,
      events: [{ code: 'bad-input' }],
    });

    await line.printer.setFaults([{ fault: 'paper-out' }]);
    const failed = await ask('label', 'print', '--run', serialOf(1), '--reason', 'again');
    expect(failed).toMatchObject({ status: 3, events: [{ event: 'label.failed' }] });
    const open = String(failed.events[0]?.['print']);
    expect(await ask('label', 'skip', open, '--reason', 'no roll')).toMatchObject({ status: 0 });
    expect(labelPrints.findById(open)?.state).toBe('skipped');
    await line.printer.setFaults([]);
  });

  it('import runs of a file and of a folder, which stay where they are', async () => {
    const { station, dir } = line.setup;
    const file = join(dir, 'runs.csv');
    writeFileSync(file, 'SN,Result,When\nA1,OK,2026-01-01 08:00:00\nA2,NG,2026-01-01 08:01:00\n');
    const csv = [
      'runs',
      'import',
      file,
      '--map',
      'serial=SN,outcome=Result,started=When',
      '--zone',
      '+08:00',
    ];
    expect((await ask(...csv, '--dry-run')).events.at(-1)).toMatchObject({ added: 2, dryRun: true });
    expect((await ask(...csv)).events.at(-1)).toMatchObject({ added: 2, rejectedRows: 0, name: 'runs.csv' });
    expect((await ask(...csv)).events.at(-1)).toMatchObject({ added: 0, doubles: 2 });
    expect(station.database.foreignRuns.listSources()).toMatchObject([{ runs: 2, name: 'runs.csv' }]);
    mkdirSync(join(dir, 'empty'));
    expect(await ask('runs', 'import', join(dir, 'empty'))).toMatchObject({
      events: [{ code: 'not-found' }],
    });
  });

  it('add and remove reports, and close a batch that was compared with the registry', async () => {
    const { station, batchId, dir } = line.setup;
    const added = await ask(
      'station',
      'report',
      'add',
      '--at',
      'batch-closed',
      '--format',
      'csv',
      '--folder',
      dir,
    );
    expect(added).toMatchObject({ status: 0 });
    const id = String(added.events[0]?.['scheduleId']);
    expect(station.scheduledReports.state().schedules).toMatchObject([{ scheduleId: id }]);
    expect(await ask('station', 'report', 'remove', id)).toMatchObject({ status: 0 });
    expect(station.scheduledReports.state().schedules).toEqual([]);
    await station.sync.drain(soon());
    expect(await ask('batch', 'close', batchId)).toMatchObject({
      status: 0,
      events: [
        { event: 'batch.closed', comparedWithRegistry: true, notCompared: null, counts: { registered: 1 } },
      ],
    });
    expect(station.batches.state().batches).toMatchObject([{ closedAtMs: expect.any(Number) as number }]);
  });

  it('do not wait for a station that has closed', async () => {
    await line.setup.close();
    expect(await ask('station', 'printer', 'remove')).toMatchObject({ status: 0 });
    expect((await ask('station', 'printer', 'show')).events).toMatchObject([{ setting: null }]);
  });
});
