import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { untilAborted } from '#node-kit/async/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import { Fault } from '#shared/domain/fault.ts';
import { parsePrinterFaults, readPrinterFaults } from './faults.ts';
import { type PrinterLanguageName, startSimPrinter } from './printer.ts';

export interface SimPrinterCommand {
  readonly language: PrinterLanguageName;
  readonly port?: number | undefined;
  /** Default: a new temporary folder, which stays. */
  readonly dir?: string | undefined;
  /** Dots per inch of its head; default 203. */
  readonly dpi?: number | undefined;
  readonly faultsFile?: string | undefined;
}

/**
 * `gongwei sim printer`: serves a simulated printer until the signal fires, and writes its events as JSON Lines. A line
 * `{"faults":[…]}` on standard input replaces its faults. Faults: `port-busy`, `port-denied`, `file-missing`, `bad-input`.
 */
export async function runSimPrinter(
  { language, port, dir, dpi, faultsFile }: SimPrinterCommand,
  { stdin, stdout }: { readonly stdin: Readable | null; readonly stdout: Writable },
  signal: AbortSignal,
): Promise<void> {
  const faults = faultsFile === undefined ? [] : await readPrinterFaults(faultsFile);
  const emit = (event: object): void => void stdout.write(`${visibleJson(event)}\n`);
  stdout.on('error', () => undefined);
  await using printer = await startSimPrinter({
    language,
    port,
    dpi,
    dir: dir ?? (await mkdtemp(join(tmpdir(), 'gongwei-printer-'))),
    faults,
    onEvent: emit,
  });
  const report = (error: unknown): void => {
    if (!(error instanceof Fault)) throw error;
    const { code, message, hint } = error;
    emit({ event: 'sim.error', code, message, hint });
  };
  const lines = stdin === null ? null : createInterface({ input: stdin, crlfDelay: Infinity });
  lines?.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      void printer.setFaults(parsePrinterFaults(line, 'the line')).catch(report);
    } catch (error) {
      report(error);
    }
  });
  try {
    await untilAborted(signal);
  } finally {
    lines?.close();
    stdin?.pause();
  }
}
