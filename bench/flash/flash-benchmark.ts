import { createHash, randomBytes } from 'node:crypto';
import { openSync, readSync, closeSync } from 'node:fs';

import { withDeadline } from '#node-kit/async/index.ts';
import { createNodeClock } from '../../station/devices/drivers/node/clock.ts';
import { createSerialPorts } from '../../station/devices/drivers/serial/index.ts';
import { createEspProtocol } from '../../station/devices/protocols/esp/index.ts';
import type { Benchmark, BenchmarkRow } from '../lib/benchmark.ts';
import { startChild } from '../lib/child.ts';
import { median, rounded } from '../lib/statistics.ts';
import { flashWithEsptoolJs } from './esptool-js.ts';
import { MeasuredPorts, type Transfer } from './measured-port.ts';

const PROFILE = 'esp32c3';
const BAUD_RATE = 921_600;
const ROM_BAUD_RATE = 115_200;
const BITS_PER_BYTE = 10;
const IMAGE_BYTES = 1024 * 1024;
const OFFSET = 0x1_0000;
const SLOTS = [1, 4, 8, 16];
/** For one flash, which takes some 15 s on an idle computer. */
const FLASH_LIMIT_MS = 240_000;

interface Case {
  readonly name: string;
  readonly stub: boolean;
  readonly compressible: boolean;
  readonly paced: boolean;
  readonly slots: readonly number[];
}

const CASES: readonly Case[] = [
  { name: '1 MiB random, stub', stub: true, compressible: false, paced: true, slots: SLOTS },
  { name: '1 MiB random, ROM', stub: false, compressible: false, paced: true, slots: SLOTS },
  { name: '1 MiB compressible, stub', stub: true, compressible: true, paced: true, slots: [1, 16] },
  { name: '1 MiB compressible, ROM', stub: false, compressible: true, paced: true, slots: [1] },
  { name: '1 MiB random, stub, no pace', stub: true, compressible: false, paced: false, slots: [1, 4] },
  { name: '1 MiB random, ROM, no pace', stub: false, compressible: false, paced: false, slots: [1] },
];

/** Not measured: the programs are loaded and compiled. */
const WARM_UP: Case = { name: 'warm-up', stub: true, compressible: true, paced: false, slots: [1] };

const SUBJECTS = ['gongwei', 'esptool-js'] as const;
type Subject = (typeof SUBJECTS)[number];

interface Job {
  readonly path: string;
  readonly image: Uint8Array;
  readonly stub: boolean;
}

interface Flashed extends Transfer {
  /** From opening the port to the proof by MD5. */
  readonly wallMs: number;
}

/**
 * Ours and esptool-js as published on the same simulated chips, which run in a process of their own on pseudo-terminals. Each
 * finds the chip, starts its stub (or not), changes to 921600, writes 1 MiB and compares the MD5. The flash itself takes no time.
 */
export const flashBenchmark: Benchmark = {
  purpose: `1 MiB into simulated ESP32-C3 at ${BAUD_RATE}: the share of the wire that blocks use, time and CPU for a slot`,
  async run(row, log) {
    for (const subject of SUBJECTS) await measure(WARM_UP, 1, subject, log);
    for (const one of CASES) {
      for (const slots of one.slots) {
        for (const subject of SUBJECTS) {
          log(`${one.name}, ${slots} slots, ${subject}`);
          row(await measure(one, slots, subject, log));
        }
      }
    }
  },
};

async function measure(
  one: Case,
  slots: number,
  subject: Subject,
  log: (text: string) => void,
): Promise<BenchmarkRow> {
  const image = one.compressible ? compressibleImage() : randomBytes(IMAGE_BYTES);
  const pace = one.paced ? String(ROM_BAUD_RATE) : '0';
  await using emulator = await startChild<{ path: string; flash: string }[]>(
    new URL('emulator-host.ts', import.meta.url),
    [PROFILE, String(slots), pace],
  );
  const cpu = process.cpuUsage();
  const ended = await Promise.allSettled(
    emulator.ready.map(async ({ path, flash: file }) => {
      const result = await flashInTime(subject, { path, image, stub: one.stub });
      requireImage(file, image);
      return result;
    }),
  );
  const { user, system } = process.cpuUsage(cpu);
  const flashed = ended.flatMap((end) => (end.status === 'fulfilled' ? [end.value] : []));
  for (const end of ended)
    if (end.status === 'rejected') log(`${one.name}, ${slots} slots, ${subject}: ${String(end.reason)}`);
  const lineMs = (bytes: number): number => (bytes * BITS_PER_BYTE * 1_000) / BAUD_RATE;
  const wire = flashed.map(({ bytes, ms }) => (100 * lineMs(bytes)) / ms);
  return {
    case: one.name,
    subject,
    slots,
    failed: slots - flashed.length,
    ...(one.paced
      ? { wirePercent: rounded(median(wire), 2), leastWirePercent: rounded(Math.min(...wire), 2) }
      : {}),
    transferMs: rounded(median(flashed.map(({ ms }) => ms))),
    wallMs: rounded(median(flashed.map(({ wallMs }) => wallMs))),
    slowestWallMs: rounded(Math.max(...flashed.map(({ wallMs }) => wallMs))),
    cpuMsPerMib: rounded((user + system) / 1_000 / slots),
  };
}

/** Faults when the flash has not ended within its limit; a port that still works on it is closed with its emulator. */
async function flashInTime(subject: Subject, job: Job): Promise<Flashed> {
  const stop = new AbortController();
  return withDeadline(flash(subject, job, stop.signal), {
    timeoutMs: FLASH_LIMIT_MS,
    onTimeout: () => {
      const late = new Error(`the flash of ${job.path} did not end within ${FLASH_LIMIT_MS / 1000} s`);
      stop.abort(late);
      throw late;
    },
  });
}

async function flash(subject: Subject, { path, image, stub }: Job, signal: AbortSignal): Promise<Flashed> {
  // Without the watch for other programs, whose time depends on how many this computer runs.
  const ports = new MeasuredPorts(createSerialPorts({ of: async () => [] }));
  const startedMs = performance.now();
  if (subject === 'gongwei') await flashWithOurs(ports, { path, image, stub }, signal);
  else {
    const job = { ports, path, image, offset: OFFSET, baudRate: BAUD_RATE, stub, compress: true };
    const { md5 } = await flashWithEsptoolJs(job);
    if (md5 !== createHash('md5').update(image).digest('hex')) throw new Error('esptool-js: wrong MD5');
  }
  return { ...ports.largest, wallMs: performance.now() - startedMs };
}

async function flashWithOurs(
  ports: MeasuredPorts,
  { path, image, stub }: Job,
  signal: AbortSignal,
): Promise<void> {
  await using port = await ports.open(path, { baudRate: ROM_BAUD_RATE }, signal);
  await createEspProtocol(stub).flash(
    port,
    {
      chip: PROFILE,
      images: [{ name: 'image', offset: OFFSET, bytes: image }],
      baudRate: BAUD_RATE,
      portBaudRate: ROM_BAUD_RATE,
      updater: null,
      verify: 'auto',
      clock: createNodeClock(),
      trace: () => undefined,
    },
    () => undefined,
    signal,
  );
}

/** Compresses to a little more than half, about as firmware does. */
function compressibleImage(): Uint8Array {
  return randomBytes(IMAGE_BYTES).map((byte) => byte & 0x1f);
}

function requireImage(file: string, image: Uint8Array): void {
  const content = Buffer.alloc(image.length);
  const fd = openSync(file, 'r');
  readSync(fd, content, 0, image.length, OFFSET);
  closeSync(fd);
  if (!content.equals(image)) throw new Error(`${file} does not hold the image`);
}
