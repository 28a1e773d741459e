import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { untilAborted } from '#node-kit/async/index.ts';
import { visibleJson } from '#shared/codec/visible-text.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type SimInstrumentsOptions, startSimInstruments } from './supply-and-meter.ts';
import { parseInstrumentFaults } from './faults.ts';

export const SIM_INSTRUMENTS = ['supply', 'meter'] as const;
export type SimInstrumentName = (typeof SIM_INSTRUMENTS)[number];

/**
 * `gongwei sim instruments`: serves a simulated supply and meter until the signal fires, and writes events as JSON Lines. A
 * line `{"faults":[…]}` on standard input replaces the faults of both. Faults: `port-busy`, `port-denied`.
 */
export async function runSimInstruments(
  options: Omit<SimInstrumentsOptions, 'onPower' | 'faults'>,
  { stdin, stdout }: { readonly stdin: Readable | null; readonly stdout: Writable },
  signal: AbortSignal,
): Promise<void> {
  const emit = (event: object): void => void stdout.write(`${visibleJson(event)}\n`);
  stdout.on('error', () => undefined);
  await using instruments = await startSimInstruments({
    ...options,
    onPower: (on) => emit({ event: 'sim.powered', on }),
  });
  for (const name of SIM_INSTRUMENTS)
    emit({ event: 'sim.instrument', instrument: name, address: instruments[name].address });
  const lines = stdin === null ? null : createInterface({ input: stdin, crlfDelay: Infinity });
  lines?.on('line', (line) => {
    if (line.trim() === '') return;
    try {
      const faults = parseInstrumentFaults(line, 'the line');
      for (const name of SIM_INSTRUMENTS) instruments[name].setFaults(faults);
      emit({ event: 'sim.faults', faults });
    } catch (error) {
      if (!(error instanceof Fault)) throw error;
      const { code, message, hint } = error;
      emit({ event: 'sim.error', code, message, hint });
    }
  });
  try {
    await untilAborted(signal);
  } finally {
    lines?.close();
    stdin?.pause();
  }
}
