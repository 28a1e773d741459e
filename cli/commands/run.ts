import { readFileSync } from 'node:fs';
import type { Command } from 'commander';
import { Fault } from '#shared/domain/fault.ts';
import { formatChipId } from '#shared/domain/triple.ts';
import type { RunResult, Station } from '#station';
import { type CommonOptions, command, interruptSignal, wholeNumber } from '../command.ts';
import { createOutput, type Output } from '../output.ts';
import { announceRuns } from '../run-events.ts';
import { BLE_HELP, withStation } from '../with-station.ts';

interface RunOptions extends CommonOptions {
  readonly batch: string;
  readonly slot: readonly string[];
  readonly ble?: string;
  readonly serials?: string;
  readonly units?: number;
  readonly untilEmpty?: boolean;
  readonly operator: string;
}

export function runCommand(): Command {
  return command('run', 'run units of a batch on slots')
    .requiredOption('--batch <id>', 'the batch')
    .requiredOption('--slot <path...>', 'serial port of each slot, in order')
    .option('--ble <adapter>', BLE_HELP)
    .option('--serials <file>', 'serial numbers, one a line; - for stdin')
    .option('--units <n>', 'stop after so many units', wholeNumber(1, 1_000_000))
    .option('--until-empty', 'go on until the pool is empty')
    .option('--operator <name>', 'who is at the station', 'terminal')
    .action(run);
}

async function run(options: RunOptions): Promise<void> {
  const out = createOutput(options);
  const signal = interruptSignal();
  const serials = options.serials === undefined ? null : readSerials(options.serials);
  await withStation(
    options,
    async (station) => {
      station.batches.get(options.batch);
      const limit =
        options.units ??
        (serials !== null ? serials.length : options.untilEmpty === true ? Infinity : options.slot.length);
      const results = await runAll(station, options, serials, limit, out, signal);
      const passed = results.filter((result) => result.outcome === 'PASS').length;
      out.event('batch.progress', { done: results.length, passed });
      if (!out.json) out.say(`${passed} of ${results.length} passed`);
      if (passed < results.length) process.exitCode = 1;
    },
    { slots: options.slot, ble: options.ble, autoSync: true },
  );
}

/** One worker per slot, each taking the next unit when it is done with the last. */
async function runAll(
  station: Station,
  options: RunOptions,
  serials: string[] | null,
  limit: number,
  out: Output,
  signal: AbortSignal,
): Promise<RunResult[]> {
  announceRuns(station, out);
  const results: RunResult[] = [];
  let taken = 0;
  let over = false;
  let refused: unknown = null;
  signal.addEventListener('abort', () => void station.slots.stop(null), { once: true });

  async function worker(slot: number): Promise<void> {
    while (!over && !signal.aborted && taken < limit) {
      const serialNumber = serials === null ? null : (serials[taken] ?? null);
      if (serials !== null && serialNumber === null) return;
      taken += 1;
      try {
        const started = station.startUnit({
          batchId: options.batch,
          serialNumber,
          operator: options.operator,
          slot,
        });
        const result = await started.finished;
        results.push(result);
        station.slots.acknowledge(slot);
        if (result.failure?.code === 'pool-empty') over = true;
      } catch (error) {
        // Refused before anything began (a bad serial, a batch that is complete): the others finish what they do.
        refused ??= error;
        over = true;
      }
    }
  }

  await Promise.all(options.slot.map((_, index) => worker(index + 1)));
  if (refused !== null) {
    if (results.length === 0 || !(refused instanceof Fault) || refused.code !== 'batch-complete')
      throw refused;
    out.say(`gongwei: ${refused.message}`);
  }
  for (const result of results) if (!out.json) out.say(describe(result));
  return results;
}

function describe(result: RunResult): string {
  const who = result.serialNumber ?? (result.chipId === null ? 'unknown unit' : formatChipId(result.chipId));
  const why = result.failure === null ? '' : `  ${result.failure.message}`;
  return `slot ${result.slot}  ${who}  ${result.outcome}  ${result.deviceName ?? '-'}  ${result.ms} ms${why}`;
}

function readSerials(file: string): string[] {
  let text: string;
  try {
    text = readFileSync(file === '-' ? 0 : file, 'utf8');
  } catch (cause) {
    throw new Fault('file-missing', `the serial numbers cannot be read from ${file}`, {
      hint: 'Check the path, or use - for stdin.',
      cause,
    });
  }
  const serials = text
    .split(/\r?\n/)
    .map((line) => line.trim())
    .filter((line) => line !== '');
  if (serials.length === 0)
    throw new Fault('bad-input', `${file} has no serial numbers`, { hint: 'One per line.' });
  return serials;
}
