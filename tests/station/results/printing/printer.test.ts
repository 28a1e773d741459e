import { readFileSync } from 'node:fs';
import { type AddressInfo, createServer } from 'node:net';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { contract, type PrinterSetting, type StationContract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports, type Role, Session } from '#shared/rpc/index.ts';
import { type PrinterFault, type SimPrinter, startSimPrinter } from '#simulator';
import type { HostPrinters, QueueState } from '../../../../station/core/platform/index.ts';
import { createNodeClock } from '../../../../station/devices/drivers/node/clock.ts';
import { startStation, type TestStation } from '../../../kit/station.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { PATIENCE_MS } from '../../../support/patience.ts';
import { tempDir } from '../../../support/temp-dir.ts';
import { until } from '../../../support/until.ts';

const SIZE = { dpi: 203, widthMm: 50, heightMm: 30, gapMm: 2, baudRate: 9600 } as const;
const clock = createNodeClock();
/** The station waits for an answer as long as a busy computer needs. */
const patient = {
  ...clock,
  sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms < 1000 ? ms : PATIENCE_MS, signal),
};
/** It waits briefly, so that a printer that says nothing is known as such soon. */
const hurried = { ...clock, sleep: (ms: number, signal: AbortSignal) => clock.sleep(ms / 20, signal) };

/** The three strings of a printer that is ready. */
const READY =
  '\x02030,0,0,1245,000,0,0,0,000,0,0,0\x03\r\n\x02000,0,0,0,0,2,4,0,00000000,1,000\x03\r\n\x021234,0\x03\r\n';

let stack: AsyncDisposableStack;
let dir: string;
beforeEach(() => {
  stack = new AsyncDisposableStack();
  dir = stack.use(tempDir('printer')).path;
});
afterEach(() => stack.disposeAsync());

function clientOf({ station }: TestStation, role: Role = 'engineer'): Client<StationContract> {
  const [here, there] = createInMemoryTransports();
  station.serve(there, new Session({ role, user: '陈静' }));
  return connect(contract, here);
}

async function withPrinter(
  language: PrinterSetting['language'],
  faults: readonly PrinterFault[] = [],
  options: Parameters<typeof startStation>[0] = { platform: { clock: patient } },
): Promise<{ page: Client<StationContract>; printer: SimPrinter; setup: TestStation }> {
  const printer = stack.use(await startSimPrinter({ language, dir: join(dir, 'labels'), faults }));
  const setup = stack.use(await startStation(options));
  const page = clientOf(setup);
  const place = `tcp://127.0.0.1:${printer.port}`;
  await page.call('printer.set', { setting: { place, language, ...SIZE } });
  return { page, printer, setup };
}

const labelOf = (number: number, extension: string): string =>
  readFileSync(join(dir, 'labels', `label-000${number}.${extension}`), 'latin1');

describe('a label printer', () => {
  test('of ZPL says that it is ready, and prints a label of the size that is set', async () => {
    const { page, printer, setup } = await withPrinter('zpl');
    expect(await page.call('printer.state', {})).toEqual({ condition: 'ready', problems: [], waiting: 0 });
    const { isConfirmed, state } = await page.call('printer.test', {});
    expect({ isConfirmed, condition: state.condition }).toEqual({ isConfirmed: true, condition: 'ready' });
    expect(printer.printed).toBe(1);
    expect(setup.station.database.labelPrints.list(9)).toMatchObject([
      { reason: 'test', state: 'printed', confirmedBy: 'printer', askedBy: '陈静', runId: null },
    ]);
    const label = labelOf(1, 'zpl');
    // 8 dots are one millimetre.
    expect(label).toContain('^PW400^LL240');
    expect(label.startsWith('^XA')).toBe(true);
    expect(label.endsWith('^XZ')).toBe(true);
  });

  test('of TSPL says that it is ready, and prints a label of the size that is set', async () => {
    const { page, printer } = await withPrinter('tspl');
    expect(await page.call('printer.state', {})).toEqual({ condition: 'ready', problems: [], waiting: 0 });
    expect(await page.call('printer.test', {})).toMatchObject({ isConfirmed: true });
    expect(printer.printed).toBe(1);
    expect(labelOf(1, 'tspl')).toMatch(/^SIZE 50 mm,30 mm\r\nGAP 2 mm,0 mm\r\n[^]*PRINT 1,1\r\n$/);
  });

  test.each([
    ['zpl', 'paper-out', ['paper-out']],
    ['zpl', 'ribbon-out', ['ribbon-out']],
    ['zpl', 'head-open', ['head-open']],
    ['zpl', 'paused', ['paused']],
    ['tspl', 'paper-out', ['paper-out']],
    ['tspl', 'ribbon-out', ['ribbon-out']],
    ['tspl', 'head-open', ['head-open']],
    ['tspl', 'jam', ['jam']],
    ['tspl', 'paused', ['paused']],
  ] as const)('of %s with %s is stopped, and is sent no label', async (language, fault, problems) => {
    const { page, printer } = await withPrinter(language, [{ fault }]);
    expect(await page.call('printer.state', {})).toMatchObject({ condition: 'stopped', problems });
    const refused = await faultOf(() => page.call('printer.test', {}));
    expect(refused.toView()).toMatchObject({
      code: 'printer-not-ready',
      details: { problem: problems[0], isHeld: false },
    });
    await printer.setFaults([]);
    // What was refused was not sent: only the next label comes out.
    expect(await page.call('printer.test', {})).toMatchObject({ isConfirmed: true });
    expect(printer.printed).toBe(1);
  });

  test('that runs out of paper under a label has it and prints it later', async () => {
    const { page, printer } = await withPrinter('zpl', [{ fault: 'slow', labelMs: 700, answerMs: 0 }]);
    const printing = faultOf(() => page.call('printer.test', {}));
    await until(async () => (await stateBeside(printer)).includes(',001,'), 'the label in the buffer');
    await printer.setFaults([{ fault: 'paper-out' }]);
    expect((await printing).toView()).toMatchObject({
      code: 'printer-not-ready',
      details: { problem: 'paper-out', isHeld: true },
    });
    expect(printer.printed).toBe(0);
    await printer.setFaults([]);
    await until(() => printer.printed === 1, 'the label');
  });

  test.each([
    ['only the first question', 1, false],
    ['each question', Infinity, true],
  ])(
    'that answers %s, and too late, confirms a label only after it was sent',
    async (_, most, isConfirmed) => {
      let [questions, answered] = [0, 0];
      const server = createServer((socket) => {
        socket.on('error', () => undefined);
        socket.on('data', (bytes) => {
          questions += bytes.toString('latin1').split('~HS').length - 1;
          // The first answer comes after the second question.
          while (questions > 1 && answered < Math.min(questions, most)) {
            answered += 1;
            socket.write(READY);
          }
        });
      });
      await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
      stack.defer(() => void server.close());
      const setup = stack.use(await startStation({ platform: { clock: hurried } }));
      const page = clientOf(setup);
      const place = `tcp://127.0.0.1:${(server.address() as AddressInfo).port}`;
      await page.call('printer.set', { setting: { place, language: 'zpl', ...SIZE } });
      expect((await page.call('printer.test', {})).isConfirmed).toBe(isConfirmed);
      expect(questions).toBe(3);
    },
  );

  test('that takes its time is waited for', async () => {
    const { page, printer } = await withPrinter('tspl', [{ fault: 'slow', labelMs: 600, answerMs: 100 }]);
    expect(await page.call('printer.test', {})).toMatchObject({ isConfirmed: true });
    expect(printer.printed).toBe(1);
  });

  test('that closes in the middle of a label is lost, and nothing is said to be printed', async () => {
    const { page, printer } = await withPrinter('zpl', [{ fault: 'close', afterBytes: 40 }]);
    const fault = await faultOf(() => page.call('printer.test', {}));
    expect(fault.code).toBe('printer-lost');
    expect(printer.printed).toBe(0);
    await printer.setFaults([]);
    expect(await page.call('printer.test', {})).toMatchObject({ isConfirmed: true });
  });

  test('that says nothing prints, and whether the label came out is not claimed', async () => {
    const { page, printer } = await withPrinter('zpl', [{ fault: 'silent' }], {
      platform: { clock: hurried },
    });
    expect(await page.call('printer.state', {})).toEqual({
      condition: 'silent',
      problems: [],
      waiting: null,
    });
    expect(await page.call('printer.test', {})).toMatchObject({ isConfirmed: false });
    await until(() => printer.printed === 1, 'the label');
  });

  test('of another kind, or none at all, is unreachable', async () => {
    const { page, printer } = await withPrinter('zpl', [{ fault: 'garbage' }]);
    expect((await faultOf(() => page.call('printer.state', {}))).code).toBe('printer-unreachable');
    await printer[Symbol.asyncDispose]();
    const fault = await faultOf(() => page.call('printer.test', {}));
    expect(fault.toView()).toMatchObject({
      code: 'printer-unreachable',
      details: { place: `tcp://127.0.0.1:${printer.port}` },
    });
  });

  test('prints labels of two slots one after the other', async () => {
    const { page, printer } = await withPrinter('tspl', [{ fault: 'slow', labelMs: 200, answerMs: 0 }]);
    const both = await Promise.all([page.call('printer.test', {}), page.call('printer.test', {})]);
    expect(both.map(({ isConfirmed }) => isConfirmed)).toEqual([true, true]);
    expect(printer.printed).toBe(2);
  });

  /** What the printer answers to another program now. */
  async function stateBeside(printer: SimPrinter): Promise<string> {
    const { connect: connectTo } = await import('node:net');
    const socket = connectTo({ host: '127.0.0.1', port: printer.port });
    try {
      socket.write('~HS');
      const [answer] = (await new Promise<readonly [Buffer]>((resolve, reject) => {
        socket.once('data', (bytes) => resolve([bytes]));
        socket.once('error', reject);
      })) satisfies readonly [Buffer];
      return answer.toString('latin1');
    } finally {
      socket.destroy();
    }
  }
});

describe('the setting of the label printer', () => {
  test('is in the audit trail once, and stays when the station is opened again', async () => {
    const { page, setup, printer } = await withPrinter('zpl');
    const { setting } = await page.call('printer.get', {});
    await page.call('printer.set', { setting });
    const entries = [...setup.station.database.audit.iterate()].filter(
      ({ action }) => action === 'settings.printer',
    );
    expect(entries).toHaveLength(1);
    expect(entries[0]).toMatchObject({ actor: '陈静' });
    expect(setting?.place).toBe(`tcp://127.0.0.1:${printer.port}`);
    await page.call('printer.set', { setting: null });
    expect((await faultOf(() => page.call('printer.test', {}))).code).toBe('not-configured');
  });

  test('refuses an address that is none, and everybody but an engineer', async () => {
    const { page, setup } = await withPrinter('zpl');
    const bad = { place: 'tcp://printer', language: 'zpl', ...SIZE } as const;
    expect((await faultOf(() => page.call('printer.set', { setting: bad }))).code).toBe('bad-input');
    for (const role of ['operator', 'support'] as const) {
      const other = clientOf(setup, role);
      expect((await faultOf(() => other.call('printer.set', { setting: null }))).code).toBe('forbidden');
      expect((await faultOf(() => other.call('printer.test', {}))).code).toBe('forbidden');
    }
    expect((await page.call('printer.get', {})).setting).not.toBeNull();
  });
});

describe('a print queue', () => {
  test('gets the bytes as they are, says nothing of the label, and is refused while it is stopped', async () => {
    const jobs: { queue: string; bytes: string }[] = [];
    let state: QueueState = { isWorking: true, reason: null, waiting: 0 };
    const hostPrinters: HostPrinters = {
      list: () => Promise.resolve([{ kind: 'queue', name: 'Label 1', title: 'Zebra ZD421' }]),
      queueState: () => Promise.resolve(state),
      printOn: (queue, bytes) => {
        jobs.push({ queue, bytes: Buffer.from(bytes).toString('latin1') });
        return Promise.resolve();
      },
    };
    const setup = stack.use(await startStation({ platform: { hostPrinters } }));
    const page = clientOf(setup);
    const { places } = await page.call('printer.get', {});
    expect(places).toContainEqual({ place: 'queue:Label 1', kind: 'queue', title: 'Zebra ZD421' });
    const place = 'queue:Label 1';
    await page.call('printer.set', { setting: { place, language: 'zpl', ...SIZE } });
    expect(await page.call('printer.test', {})).toMatchObject({ isConfirmed: false });
    expect(jobs).toEqual([{ queue: 'Label 1', bytes: expect.stringMatching(/^\^XA[^]*\^XZ\n$/) }]);
    state = { isWorking: false, reason: 'Paused', waiting: 1 };
    expect(await page.call('printer.state', {})).toEqual({
      condition: 'stopped',
      problems: ['offline'],
      waiting: 1,
    });
    expect((await faultOf(() => page.call('printer.test', {}))).code).toBe('printer-not-ready');
    expect(jobs).toHaveLength(1);
  });
});
