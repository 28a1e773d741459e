import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { visibleJson } from '#shared/codec/visible-text.ts';
import { errorEvent, parseControl, startBench, type BenchEvent, type BenchOptions } from './fixtures/index.ts';
import { readFaultFile } from './faults/index.ts';

export type SimUnitsOptions = Omit<BenchOptions, 'faults' | 'onEvent'> & {
  /** Path of a fault file, see docs/simulator.md. */
  readonly faultsFile?: string | undefined;
  /** End when standard input ends, as well as when the signal fires. */
  readonly untilStdinCloses?: boolean | undefined;
};

export interface SimUnitsIo {
  /** Control lines; `null` when nobody gives any. */
  readonly stdin: Readable | null;
  /** Events, one object per line. */
  readonly stdout: Writable;
}

/**
 * `gongwei sim units`: lays out a bench, tells of it in JSON Lines and serves until the signal fires. Control lines
 * on standard input are what an operator's hands do (`control.ts`); a wrong one is answered by `sim.error`. Resolves
 * when every unit is off and its flash is written. Faults: those of `startBench`, `file-missing`.
 */
export async function runSimUnits(
  options: SimUnitsOptions,
  io: SimUnitsIo,
  signal: AbortSignal,
): Promise<void> {
  const { faultsFile, untilStdinCloses, ...rest } = options;
  const faults = faultsFile === undefined ? undefined : await readFaultFile(faultsFile);
  const say = (event: BenchEvent): void => {
    io.stdout.write(`${visibleJson(event)}\n`);
  };
  // Who started the bench may be killed; the units go on, as units do.
  io.stdout.on('error', () => undefined);
  await using bench = await startBench({ ...rest, faults, onEvent: say });
  const stdinEnded = new AbortController();
  const lines = io.stdin === null ? null : createInterface({ input: io.stdin, crlfDelay: Infinity });
  lines?.on('line', (line) => {
    if (line.trim() === '') return;
    void obey(line).catch((error: unknown) => say(errorEvent(error)));
  });
  lines?.once('close', () => {
    if (untilStdinCloses === true) stdinEnded.abort();
  });
  const obey = async (line: string): Promise<void> => bench.control(parseControl(line));
  try {
    await fired(AbortSignal.any([signal, stdinEnded.signal]));
  } finally {
    lines?.close();
    io.stdin?.pause();
  }
}

/** Resolves when the signal fires, and keeps the process alive until then. */
function fired(signal: AbortSignal): Promise<void> {
  if (signal.aborted) return Promise.resolve();
  return new Promise((resolve) => {
    const alive = setInterval(() => undefined, 2 ** 30);
    signal.addEventListener(
      'abort',
      () => {
        clearInterval(alive);
        resolve();
      },
      { once: true },
    );
  });
}
