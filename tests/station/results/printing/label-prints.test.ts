import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { createNodePlatform } from '#station';
import type { PrinterSetting, PrinterState } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { createAuditTrail } from '../../../../station/core/audit-log/index.ts';
import type { WritableDatabase } from '../../../../station/core/database/index.ts';
import { LabelPrints, type Printer, StationPrinter } from '../../../../station/results/printing/index.ts';
import { beginRun, openSampleStore } from '../../../kit/sample-rows.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { manualClock } from '../../../support/manual-clock.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { tempDir } from '../../../support/temp-dir.ts';

const BY = { user: 'Wang', role: 'support' } as const;
const READY: PrinterState = { condition: 'ready', problems: [], waiting: 0 };
const SETTING: PrinterSetting = {
  place: 'tcp://10.0.0.1:9100',
  language: 'zpl',
  dpi: 203,
  widthMm: 40,
  heightMm: 30,
  gapMm: 2,
  baudRate: 9600,
};

describe('a print that two callers ask for', () => {
  let dir: ReturnType<typeof tempDir>;
  let database: WritableDatabase;
  let prints: LabelPrints;
  let sent: number;
  /** Called when a label is to be sent, before its first byte. */
  let atPrinter: () => Promise<void>;
  let printId: string;

  beforeEach(() => {
    dir = tempDir('prints');
    database = openSampleStore(dir.path);
    database.transaction(() => beginRun(database, 'r', 'SN1'));
    sent = 0;
    atPrinter = async () => undefined;
    const clock = manualClock(1);
    const printer: Printer = {
      state: async () => READY,
      async print(_label, _signal, beforeFirstByte = () => undefined) {
        await atPrinter();
        beforeFirstByte();
        sent += 1;
        return { isConfirmed: true, state: READY };
      },
    };
    prints = new LabelPrints({
      database,
      audit: createAuditTrail(database, clock),
      platform: createNodePlatform(dir.path, { clock }),
      printer,
      setting: () => SETTING,
      labelOf: () => ({ payload: 'p', lines: ['l'] }),
    });
    printId = prints.reprint('r', { why: 'test', copies: 1 }, BY)[0]?.printId ?? '';
  });
  afterEach(() => {
    database.close();
    dir[Symbol.dispose]();
  });

  it('is sent once, and both get what became of it', async () => {
    const rows = await Promise.all([
      prints.print(printId, NEVER_ABORTED),
      prints.print(printId, NEVER_ABORTED),
    ]);
    expect(rows.map(({ state, confirmedBy, fault }) => ({ state, confirmedBy, fault }))).toEqual([
      { state: 'printed', confirmedBy: 'printer', fault: null },
      { state: 'printed', confirmedBy: 'printer', fault: null },
    ]);
    expect(sent).toBe(1);
  });

  it('is not ended by the one that leaves', async () => {
    const opened = Promise.withResolvers<void>();
    atPrinter = () => opened.promise;
    const first = prints.print(printId, NEVER_ABORTED);
    const leaving = new AbortController();
    const second = prints.print(printId, leaving.signal);
    leaving.abort(new Fault('cancelled', 'the page was closed'));
    await expect(second).rejects.toThrow('the page was closed');
    opened.resolve();
    expect(await first).toMatchObject({ state: 'printed', fault: null });
  });

  it.each(['left out', 'void'] as const)('is not sent when it is %s before its first byte', async (as) => {
    atPrinter = async () => {
      if (as === 'void') prints.voidLabel(printId, 'lost', BY);
      else prints.skip(printId, 'not wanted', BY);
    };
    const row = await prints.print(printId, NEVER_ABORTED);
    expect(row).toMatchObject(
      as === 'void'
        ? { state: 'waiting', voidReason: 'lost', fault: null }
        : { state: 'skipped', fault: null },
    );
    expect(sent).toBe(0);
  });
});

it('a printer that takes no more bytes is lost, and is not waited for without an end', async () => {
  const ready =
    '\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n';
  let answer: (bytes: Uint8Array) => void = () => undefined;
  const port = {
    onData: (listener: typeof answer) => void (answer = listener),
    onLost: () => undefined,
    async write(bytes: Uint8Array) {
      if (!Buffer.from(bytes).includes('~HS')) return new Promise<void>(() => undefined);
      answer(Buffer.from(ready));
    },
    [Symbol.asyncDispose]: async () => undefined,
  };
  const limits: number[] = [];
  const clock = {
    ...manualClock(1),
    sleep: (ms: number) => (
      limits.push(ms),
      ms < 30_000 ? new Promise<void>(() => undefined) : Promise.resolve()
    ),
  };
  const platform = { clock, devicePorts: { open: async () => port } } as never;
  const printer = new StationPrinter({ platform, setting: () => SETTING });
  let begun = 0;
  const fault = await faultOf(() => printer.print(Buffer.alloc(9600, 65), NEVER_ABORTED, () => (begun += 1)));
  expect(fault).toMatchObject({
    code: 'printer-lost',
    message: expect.stringContaining('does not take') as string,
  });
  expect(begun).toBe(1);
  // Ten seconds of them are the time of the line: 9600 bytes at 9600 bit/s.
  expect(limits.at(-1)).toBe(40_000);
});
