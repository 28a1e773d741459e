import { readFileSync } from 'node:fs';

import { Fault } from '#shared/domain/fault.ts';
import { type Simulator, startSimulator } from '#simulator';
import type { Clock } from '../../station/core/platform/index.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { createSerialPorts } from '../../station/devices/drivers/serial/index.ts';
import { createEspProtocol } from '../../station/devices/protocols/esp/index.ts';
import { createRandomSource } from '../lib/random-source.ts';
import { type DrawnFlash, drawFlash, PROFILES } from './draw-flash.ts';
import { type FlashEnd, judge } from './judge.ts';

export interface FlashTortureOptions {
  readonly flashes: number;
  /** How many units are flashed at once. */
  readonly slots: number;
  readonly seed: string;
}

export interface FlashTortureResult {
  readonly flashes: number;
  /** Flashes that ended well, with every byte in the flash of the unit. */
  readonly verified: number;
  /** The others, by the code of their fault. */
  readonly faults: Readonly<Record<string, number>>;
  /** Flashes without fault after one with faults, on the same unit and port. */
  readonly recovered: number;
  readonly findings: {
    readonly wrongBytes: string[];
    readonly wrongFaults: string[];
    readonly hangs: string[];
    readonly unrecovered: string[];
  };
}

/** The clock of the loader runs faster, so that its waits for a unit that will not answer are shorter. */
const HASTE = 2;
const HANG_MS = 180_000;
const BAUD_RATE = 921_600;
const ROM_BAUD_RATE = 115_200;
const RECOVERED_SHARE = 0.25;

/**
 * Flashes simulated chips with random faults of line, supply and flash. Each flash must end: well, with every byte in the flash
 * of the unit, or with a fault that fits.
 */
export async function tortureFlashes(
  { flashes, slots, seed }: FlashTortureOptions,
  log: (text: string) => void,
): Promise<FlashTortureResult> {
  await using stack = new AsyncDisposableStack();
  const simulators = new Map<string, Simulator>();
  for (const profile of PROFILES) {
    const simulator = await startSimulator({ profile, count: slots, seed, timeScale: 0 });
    simulators.set(profile, stack.use(simulator));
  }
  const findings = { wrongBytes: [], wrongFaults: [], hangs: [], unrecovered: [] } as {
    [K in keyof FlashTortureResult['findings']]: string[];
  };
  const faults: Record<string, number> = {};
  let verified = 0;
  let recovered = 0;
  let next = 0;
  const work = async (slot: number): Promise<void> => {
    while (next < flashes) {
      const number = next++;
      const random = createRandomSource(seed, 'flash', number);
      const drawn = drawFlash(random);
      const simulator = simulators.get(drawn.profile);
      if (simulator === undefined) throw new Error(`no simulator of ${drawn.profile}`);
      const trace: string[] = [];
      const end = await flashOnce(simulator, slot, drawn, trace);
      const finding = judge(drawn, end, holdsImages(simulator, slot, drawn));
      if (finding !== null) findings[finding.kind].push(`flash ${number}: ${finding.what}; ${lastOf(trace)}`);
      if (end.kind === 'done') verified++;
      else {
        const code = end.kind === 'failed' && end.error instanceof Fault ? end.error.code : end.kind;
        faults[code] = (faults[code] ?? 0) + 1;
      }
      if (drawn.faults.length > 0 && random.chance(RECOVERED_SHARE)) {
        const again = { ...drawn, faults: [] };
        const second: string[] = [];
        const well = (await flashOnce(simulator, slot, again, second)).kind === 'done';
        if (well && holdsImages(simulator, slot, again)) recovered++;
        else
          findings.unrecovered.push(`flash ${number}: cannot be repeated without faults; ${lastOf(second)}`);
      }
      if ((number + 1) % 20 === 0) log(`${number + 1} of ${flashes} flashes begun`);
    }
  };
  await Promise.all(Array.from({ length: slots }, (_, at) => work(at + 1)));
  return { flashes, verified, faults, recovered, findings };
}

/** The last lines of what the loader did. */
function lastOf(trace: readonly string[]): string {
  return `trace: ${trace.slice(-6).join(' | ')}`;
}

/** Switches the unit off and on, so that its ROM's loader runs, and flashes it. */
async function flashOnce(
  simulator: Simulator,
  slot: number,
  drawn: DrawnFlash,
  trace: string[],
): Promise<FlashEnd> {
  await simulator.power(slot, false);
  await simulator.changeFaults(slot, { clear: true });
  await simulator.cable(slot, true);
  if (drawn.faults.length > 0) await simulator.changeFaults(slot, { add: drawn.faults });
  await simulator.power(slot, true);
  const limit = new AbortController();
  const hung = Promise.withResolvers<FlashEnd>();
  const timer = setTimeout(() => {
    hung.resolve({ kind: 'hung' });
    limit.abort();
  }, HANG_MS);
  const flashing = flashPort(simulator.fixtures[slot - 1]?.path ?? '', drawn, trace, limit.signal);
  try {
    return await Promise.race([flashing, hung.promise]);
  } finally {
    clearTimeout(timer);
  }
}

async function flashPort(
  path: string,
  drawn: DrawnFlash,
  trace: string[],
  signal: AbortSignal,
): Promise<FlashEnd> {
  try {
    await using port = await createSerialPorts().open(path, { baudRate: ROM_BAUD_RATE }, signal);
    const result = await createEspProtocol(drawn.stub).flash(
      port,
      {
        chip: drawn.profile,
        images: drawn.images,
        updater: null,
        baudRate: BAUD_RATE,
        portBaudRate: ROM_BAUD_RATE,
        verify: 'auto',
        clock: hastyClock(),
        trace: (line) => trace.push(line),
      },
      () => undefined,
      signal,
    );
    return { kind: 'done', result };
  } catch (error) {
    return { kind: 'failed', error };
  }
}

function hastyClock(): Clock {
  const clock = createNodeClock();
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => HASTE * clock.monotonicMs(),
    sleep: (ms, signal) => clock.sleep(ms / HASTE, signal),
  };
}

function holdsImages(simulator: Simulator, slot: number, { images }: DrawnFlash): boolean {
  const flash = readFileSync(simulator.units[slot - 1]?.flash ?? '');
  return images.every(({ offset, bytes }) => flash.subarray(offset, offset + bytes.length).equals(bytes));
}
