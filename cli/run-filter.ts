import { type Command, InvalidArgumentError, Option } from 'commander';
import type { RunFilter } from '#shared/contract/index.ts';
import { Fault, FAULT_CODES, type FaultCode } from '#shared/domain/fault.ts';
import { OUTCOMES, type Outcome } from '#shared/domain/outcome.ts';
import { TIME_PERIODS, type TimePeriod } from '#shared/domain/time-period.ts';
import { type FixedRunFilter, fixRunFilter, type ReadableDatabase } from '#station';
import { wholeNumber } from './command.ts';
import { BATCH_HELP, findBatch } from './lookup/batch.ts';
import { findSerial } from './lookup/run.ts';
import { pointInTime } from './point-in-time.ts';

export interface RunFilterOptions {
  readonly text?: string;
  readonly batch?: string;
  readonly serial?: string;
  readonly outcome?: Outcome | 'running';
  readonly failure?: FaultCode;
  readonly failurePhase?: string;
  readonly failureStep?: string;
  readonly failureMeasurement?: string;
  readonly recipe?: string;
  readonly slot?: number;
  readonly operator?: string;
  readonly station?: string;
  readonly from?: number;
  readonly to?: number;
  readonly time?: TimePeriod;
  readonly first?: true;
}

/** Adds the options of the filter for runs, the same for every command. */
export function addRunFilter(command: Command): Command {
  return command
    .option('--text <text>', 'only those with this in their serial number, MAC or DeviceName')
    .option('--batch <batch>', `only of ${BATCH_HELP}`)
    .option('--serial <serial>', 'only of the unit with this serial number')
    .addOption(
      new Option('--outcome <outcome>', 'only those that ended so; running: not ended yet').choices([
        ...OUTCOMES,
        'running',
      ]),
    )
    .option(
      '--failure <code>',
      'only those whose first failure has this code, as limit-exceeded',
      failureCode,
    )
    .option('--failure-phase <phase>', 'only those that failed in this phase')
    .option('--failure-step <step>', 'only those that failed in this step')
    .option('--failure-measurement <name>', 'only those that failed by this measurement')
    .option('--recipe <hash>', 'only with the recipe whose hash begins so, eight digits at least', recipeHash)
    .option('--slot <number>', 'only in this slot', wholeNumber(1, 1000))
    .option('--operator <name>', 'only by this user')
    .option('--station <name>', 'only under this name of the station')
    .option('--from <time>', 'only those started then or later', pointInTime('begin'))
    .option('--to <time>', 'only those started before; a day includes itself', pointInTime('end'))
    .addOption(
      new Option(
        '--time <period>',
        'only those of a period that ends now: shift (8 hours), today, week (7 days), month (30 days)',
      ).choices(TIME_PERIODS),
    )
    .option('--first', 'only the first ended run of each unit in its batch');
}

/** The filter of the options. Faults: `bad-input` for a time that ends before it begins; those of `findBatch`. */
export function runFilterOf(database: ReadableDatabase, options: RunFilterOptions): FixedRunFilter {
  const { batch, serial, outcome, failure, from, to } = options;
  if (from !== undefined && to !== undefined && from >= to) {
    throw new Fault('bad-input', '--from is not before --to', { hint: 'Nothing lies between them.' });
  }
  const filter: { readonly [K in keyof RunFilter]: RunFilter[K] | undefined } = {
    text: options.text,
    batchId: batch === undefined ? undefined : findBatch(database.batches, batch).batchId,
    serialNumber: serial === undefined ? undefined : findSerial(database, serial),
    outcomes: outcome === undefined ? undefined : [outcome],
    failureCode: failure,
    failurePhase: options.failurePhase,
    failureStep: options.failureStep,
    failureMeasurement: options.failureMeasurement,
    recipe: options.recipe,
    slot: options.slot,
    operator: options.operator,
    station: options.station,
    fromAtMs: from,
    toAtMs: to,
    time: options.time,
    first: options.first === true ? 'any' : undefined,
  };
  const given = Object.entries(filter).filter(([, value]) => value !== undefined);
  return fixRunFilter(database, Object.fromEntries(given) as RunFilter, Date.now());
}

function recipeHash(text: string): string {
  const hash = text.toLowerCase();
  if (/^[0-9a-f]{8,64}$/.test(hash)) return hash;
  throw new InvalidArgumentError(`${text} is no hash of a recipe; "recipe list" shows them.`);
}

function failureCode(text: string): FaultCode {
  const code = FAULT_CODES.find((known) => known === text);
  if (code !== undefined) return code;
  const near = FAULT_CODES.filter((known) => known.includes(text.toLowerCase().slice(0, 5))).slice(0, 5);
  const like = near.length === 0 ? '' : ` Did you mean ${near.join(', ')}?`;
  throw new InvalidArgumentError(`${text} is no code of a failure.${like}`);
}
