import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';

import { untilAborted } from '#node-kit/async/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import {
  errorEvent,
  parseControl,
  startSimulator,
  type SimulatorEvent,
  type SimulatorOptions,
} from './slots/index.ts';
import { readFaultFile } from './faults/index.ts';
import { readWifiFile } from './air/index.ts';
import { readCodeInPicture, watchPictures } from './pictures/index.ts';

export type SimUnitsOptions = Omit<SimulatorOptions, 'faults' | 'wifi' | 'onEvent'> & {
  /** Path of a fault file, see docs/simulator.md. */
  readonly faultsFile?: string | undefined;
  /** Path of a file with the Wi-Fi networks in range, see docs/simulator.md. */
  readonly wifiFile?: string | undefined;
  /** Folder whose files `N.png` are shown to unit N, see docs/simulator.md. */
  readonly picturesDir?: string | undefined;
  /** Also stop when standard input ends. */
  readonly untilStdinCloses?: boolean | undefined;
};

export interface SimUnitsIo {
  /** Control lines; `null` without any. */
  readonly stdin: Readable | null;
  /** Events, one object per line. */
  readonly stdout: Writable;
}

/**
 * `gongwei sim units`: starts a simulator, writes its events as JSON Lines and serves until the signal aborts. Control
 * lines on standard input place, remove and switch units (`control.ts`); an invalid line is answered by `sim.error`.
 * Resolves when every unit is off and its flash is written. Faults: those of `startSimulator`, `file-missing`.
 */
export async function runSimUnits(
  options: SimUnitsOptions,
  io: SimUnitsIo,
  signal: AbortSignal,
): Promise<void> {
  const { faultsFile, wifiFile, picturesDir, untilStdinCloses, ...rest } = options;
  const faults = faultsFile === undefined ? undefined : await readFaultFile(faultsFile);
  const wifi = wifiFile === undefined ? undefined : await readWifiFile(wifiFile);
  const emit = (event: SimulatorEvent): void => {
    io.stdout.write(`${visibleJson(event)}\n`);
  };
  // The parent process may be killed. The units keep running, as real ones do.
  io.stdout.on('error', () => undefined);
  await using simulator = await startSimulator({ ...rest, faults, wifi, onEvent: emit });
  const stdinEnded = new AbortController();
  const ended = AbortSignal.any([signal, stdinEnded.signal]);
  const lines = io.stdin === null ? null : createInterface({ input: io.stdin, crlfDelay: Infinity });
  lines?.on('line', (line) => {
    if (line.trim() === '') return;
    void execute(line).catch((error: unknown) => emit(errorEvent(error)));
  });
  lines?.once('close', () => {
    if (untilStdinCloses === true) stdinEnded.abort();
  });
  const execute = async (line: string): Promise<void> => simulator.control(parseControl(line));
  const showPicture = async (unit: number, file: string): Promise<void> => {
    try {
      const code = await readCodeInPicture(file, ended);
      await simulator.stimulate(unit, { kind: 'scan', code });
    } catch (error) {
      if (!ended.aborted) emit(errorEvent(error));
    }
  };
  try {
    if (picturesDir === undefined) await untilAborted(ended);
    else await watchPictures(picturesDir, showPicture, ended);
  } finally {
    lines?.close();
    io.stdin?.pause();
  }
}
