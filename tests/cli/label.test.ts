import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { soon } from '../support/patience.ts';
import { invoke } from '../kit/in-process.ts';
import { serialOf } from '../kit/units.ts';
import { writeSerials } from '../kit/command-line.ts';
import { type PrintingLine, startPrintingLine } from '../station/execution/labels/printing-line.ts';

let line: PrintingLine;
const ask = (...args: string[]) => invoke(...args, '--json', '--data', line.setup.dataDir);

beforeAll(async () => {
  line = await startPrintingLine({ units: 2 });
  await line.setup.close();
});
afterAll(() => line[Symbol.asyncDispose]());

const runUnit = (slot: number) => {
  const serials = writeSerials(line.setup.dir, [serialOf(slot)]);
  const ports = line.setup.ports.flatMap((port) => ['--slot', port]);
  return ask('run', '--batch', 'test', ...ports, '--serials', serials, '--next-within', '1');
};

describe('labels by commands', () => {
  it('`run` prints what passed, and stops at the slot whose label did not come out', async () => {
    await line.printer.setFaults([{ fault: 'paper-out' }]);
    const done = await runUnit(1);
    expect(done.status).toBe(1);
    expect(done.events.find(({ event }) => event === 'run.finished')).toMatchObject({ outcome: 'PASS' });
    expect(done.events.find(({ event }) => event === 'slots.without-label')).toMatchObject({ slots: [1] });
    const open = (await ask('label', 'list', '--open')).events;
    expect(open).toMatchObject([
      {
        event: 'label.row',
        state: 'failed',
        slot: 1,
        serialNumber: 'SN000001',
        fault: { code: 'printer-not-ready' },
      },
    ]);
    await line.printer.setFaults([]);
    // The next command that has the slot prints it, before the next unit.
    const next = await runUnit(2);
    expect(next.status).toBe(0);
    expect(
      line
        .printedCodes()
        .map((code) => (JSON.parse(code) as { sn: string }).sn)
        .toSorted(),
    ).toEqual(['SN000001', 'SN000002']);
    expect((await ask('label', 'list', '--open')).events).toEqual([]);
  });

  it('`label print` sends a label to an address, with a reason and a number, and `void` declares it void', async () => {
    const before = line.printedCodes().length;
    const to = `zpl://127.0.0.1:${line.printer.port}`;
    const printed = await ask('label', 'print', '--run', 'SN000002', '--to', to, '--reason', 'scratched');
    expect(printed).toMatchObject({
      status: 0,
      events: [
        { event: 'label.printed', copy: 2, reason: 'reprint', why: 'scratched', confirmedBy: 'printer' },
      ],
    });
    const codes = line.printedCodes();
    expect(codes).toHaveLength(before + 1);
    expect(codes.at(-1)).toBe(printed.events[0]?.['payload']);
    const print = String(printed.events[0]?.['print']);
    expect(await ask('label', 'void', print, '--reason', 'torn')).toMatchObject({
      status: 0,
      events: [{ event: 'label.void', print, voidReason: 'torn' }],
    });
    const rows = (await ask('label', 'list', '--run', 'SN000002')).events;
    expect(rows.map(({ copy, voidReason }) => [copy, voidReason])).toEqual([
      [1, null],
      [2, 'torn'],
    ]);
    // A run names those of its labels that are not void.
    expect(await ask('label', 'void', 'SN000002', '--reason', 'all of them')).toMatchObject({
      status: 0,
      events: [{ event: 'label.void', copy: 1, voidReason: 'all of them' }],
    });
    expect(await ask('label', 'void', 'SN000002', '--reason', 'again')).toMatchObject({ status: 2 });
  });

  it('`--answer label=retry` is given once to each question, and a waiting label is printed by `label print`', async () => {
    await line.printer.setFaults([{ fault: 'head-open' }]);
    const serials = writeSerials(line.setup.dir, [serialOf(1)]);
    const ports = line.setup.ports.slice(0, 1).flatMap((port) => ['--slot', port]);
    const batch = String((await ask('batch', 'list')).events[0]?.['batch']);
    const recipe = ['run', '--batch', batch, ...ports, '--serials', serials, '--answer'];
    expect(await ask(...recipe, 'label=perhaps')).toMatchObject({ status: 2 });
    await line.setup.restart();
    await line.setup.station.returns.act(
      { slot: 1, action: 'reissue', reason: 'for a test', approver: 'Chen' },
      { user: 'Wang', role: 'support' },
      soon(),
    );
    await line.setup.close();
    const done = await ask(...recipe, 'label=retry');
    expect(done.events.find(({ event }) => event === 'slots.without-label')).toMatchObject({ slots: [1] });
    await line.printer.setFaults([]);
    const before = line.printedCodes().length;
    const to = `zpl://127.0.0.1:${line.printer.port}`;
    expect(await ask('label', 'print', '--run', 'SN000001', '--to', to)).toMatchObject({
      status: 0,
      events: [{ event: 'label.printed', reason: 'pass', copy: 1, slot: 1 }],
    });
    expect(line.printedCodes()).toHaveLength(before + 1);
  });

  it('says what is wrong with an address, and what became of a label that did not come out', async () => {
    expect(await ask('label', 'print', '--run', 'SN000002', '--to', 'zpl://nowhere')).toMatchObject({
      status: 2,
    });
    await line.printer.setFaults([{ fault: 'offline' }]);
    const to = `tspl://127.0.0.1:${line.printer.port}`;
    expect(await ask('label', 'print', '--run', 'SN000002', '--to', to)).toMatchObject({
      status: 3,
      events: [{ event: 'label.failed', fault: { code: 'printer-unreachable' } }],
    });
  });
});
