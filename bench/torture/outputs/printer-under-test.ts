import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { Sequencer } from '#node-kit/async/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type PrinterFault, type SimPrinter, startSimPrinter } from '#simulator';
import type { RandomSource } from '../../lib/random-source.ts';

const run = promisify(execFile);

/** A paper that came out of the printer. */
export interface Paper {
  /** What zbarimg reads on it; `null` for a label under which the power failed. */
  readonly payload: string | null;
  /** True for the second copy of a label that came out twice; the operator throws it away. */
  readonly isDouble: boolean;
}

const FAULTS: readonly PrinterFault[] = [
  { fault: 'paper-out' },
  { fault: 'head-open' },
  { fault: 'offline' },
  { fault: 'slow', labelMs: 300, answerMs: 20 },
  { fault: 'close', afterBytes: 3, times: 1 },
  { fault: 'close', afterBytes: 700, times: 1 },
  { fault: 'cut-off', part: 0.4, times: 1 },
  { fault: 'double', times: 1 },
];
/** Share of the faults that end with a power cycle: what the printer has received and not printed is gone. */
const POWER_CYCLES = 0.25;
const POLL_MS = 10;

export interface PrinterUnderTestOptions {
  /** Folder of its papers. */
  readonly dir: string;
  readonly random: RandomSource;
  readonly onPrinted: () => void;
}

/** A label printer on TCP with faults, and its own record of the papers that came out. */
export interface PrinterUnderTest extends AsyncDisposable {
  /** The address that the station knows. */
  readonly place: string;
  readonly papers: readonly Paper[];
  readonly powerCycles: () => number;
  /** Faults happen until they are stopped. */
  stopFaults(): Promise<void>;
  /** Repairs the printer, waits until it has printed all that it received, and then looks at its papers. */
  repaired<T>(look: () => T): Promise<T>;
}

export async function startPrinterUnderTest({
  dir,
  random,
  onPrinted,
}: PrinterUnderTestOptions): Promise<PrinterUnderTest> {
  const papers: Paper[] = [];
  const turns = new Sequencer();
  const reading = new Sequencer();
  const stopping = new AbortController();
  let powerCycles = 0;

  const start = (port: number): Promise<SimPrinter> =>
    startSimPrinter({
      language: 'zpl',
      port,
      dir: join(dir, `printed-${powerCycles}`),
      onEvent(event) {
        if (event.event !== 'sim.printed') return;
        onPrinted();
        const { png, isCut, isDouble } = event;
        void reading.run(async () => {
          papers.push({ payload: isCut ? null : await readCode(png), isDouble });
        });
      },
    });
  let printer = await start(0);
  const { port } = printer;

  async function cyclePower(): Promise<void> {
    powerCycles += 1;
    await printer[Symbol.asyncDispose]();
    printer = await untilPortIsFree(() => start(port));
  }
  const setFaults = (faults: readonly PrinterFault[]): Promise<void> =>
    untilPortIsFree(() => printer.setFaults(faults));
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: stopping.signal }).catch(() => undefined);

  async function disturb(): Promise<void> {
    while (!stopping.signal.aborted) {
      await pause(random.between(300, 2500));
      const fault = random.pick(FAULTS);
      const endsWithPowerCycle = random.chance(POWER_CYCLES);
      const stayMs = random.between(150, 1200);
      if (stopping.signal.aborted) return;
      await turns.run(() => setFaults([fault]));
      await pause(stayMs);
      await turns.run(async () => {
        if (endsWithPowerCycle) await cyclePower();
        await setFaults([]);
      });
    }
  }
  const disturbing = disturb();

  return {
    place: `tcp://127.0.0.1:${port}`,
    papers,
    powerCycles: () => powerCycles,
    async stopFaults() {
      stopping.abort();
      await disturbing;
    },
    repaired: (look) =>
      turns.run(async () => {
        await setFaults([]);
        while (printer.waiting > 0) await sleep(POLL_MS);
        await reading.whenIdle();
        return look();
      }),
    async [Symbol.asyncDispose]() {
      stopping.abort();
      await disturbing;
      await printer[Symbol.asyncDispose]();
      await reading.whenIdle();
    },
  };
}

/** While its port is closed, a connection of another process may have its number for a moment. */
async function untilPortIsFree<T>(open: () => Promise<T>): Promise<T> {
  for (;;) {
    try {
      return await open();
    } catch (error) {
      if (!(error instanceof Fault) || error.code !== 'port-busy') throw error;
      await sleep(POLL_MS);
    }
  }
}

async function readCode(png: string): Promise<string> {
  const args = ['--nodbus', '--raw', '-q', '-Sdisable', '-Sqrcode.enable', png];
  const { stdout } = await run('zbarimg', args);
  return stdout.slice(0, -1);
}
