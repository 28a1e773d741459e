import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';
import { OUTCOMES } from '../domain/outcome.ts';
import { TIME_PERIODS } from '../domain/time-period.ts';
import { timeMs } from './common.ts';

/** Outcomes to filter by; `running` for a run that has not ended. */
export const FILTER_OUTCOMES = [...OUTCOMES, 'running'] as const;

/** Runs that have a value of one measurement in a range; `fromValue` is in the range, `toValue` is not. */
export const measuredRange = z.strictObject({
  phase: z.string().max(128),
  step: z.string().max(128),
  name: z.string().max(128),
  fromValue: z.number().optional(),
  toValue: z.number().optional(),
  /** The place on a curve as `MeasuredSeries` has it, `null` for a single value; left out for both. */
  at: z.string().max(512).nullable().optional(),
});
export type MeasuredRange = z.infer<typeof measuredRange>;

/**
 * Which run of a unit is its first one: of all its runs in the batch, or of those that the station did not end (ERROR,
 * ABORTED).
 */
export const FIRST_RUNS = ['any', 'tested'] as const;

/** Conditions for the first run of the unit, which need not be the run itself. */
export const firstRunFilter = z.strictObject({
  of: z.enum(FIRST_RUNS),
  slot: z.int().min(1).max(1000).optional(),
  fromAtMs: timeMs.optional(),
  toAtMs: timeMs.optional(),
});
export type FirstRunFilter = z.infer<typeof firstRunFilter>;

/**
 * The filter for runs of all batches. A run must meet all given conditions; without a condition every run matches. Pages,
 * exports and commands use the same filter.
 */
export const runFilter = z.strictObject({
  /** Part of a serial number, MAC or DeviceName, in any case. MACs match with and without separators. */
  text: z.string().trim().min(1).max(128).optional(),
  /** The whole serial number, as scanned. */
  serialNumber: z.string().min(1).max(128).optional(),
  batchId: z.string().min(1).max(64).optional(),
  /** One of these. */
  outcomes: z.array(z.enum(FILTER_OUTCOMES)).min(1).max(FILTER_OUTCOMES.length).optional(),
  /** Code, phase and step of the first failure. */
  failureCode: z.enum(FAULT_CODES).optional(),
  failurePhase: z.string().max(128).optional(),
  failureStep: z.string().max(128).optional(),
  /** The measurement that failed. */
  failureMeasurement: z.string().max(128).optional(),
  /** Hash of the recipe, or its first eight digits at least. */
  recipe: z
    .string()
    .regex(/^[0-9a-f]{8,64}$/)
    .optional(),
  slot: z.int().min(1).max(1000).optional(),
  operator: z.string().min(1).max(128).optional(),
  station: z.string().min(1).max(128).optional(),
  /** Started at or after. */
  fromAtMs: timeMs.optional(),
  /** Started before. */
  toAtMs: timeMs.optional(),
  /** Started in a period that moves with the clock of the station; see `beginOf`. */
  time: z.enum(TIME_PERIODS).optional(),
  /** Ended at or after, and before. */
  endedFromAtMs: timeMs.optional(),
  endedToAtMs: timeMs.optional(),
  measured: measuredRange.optional(),
  /** The first ended run of its unit in its batch; see `FIRST_RUNS`. With outcome PASS these are the first passes. */
  first: z.enum(FIRST_RUNS).optional(),
  /** The run whose measured values count for its unit; `measured` is then a value of the last attempt of a step. */
  counted: z.literal(true).optional(),
  firstRun: firstRunFilter.optional(),
});
export type RunFilter = z.infer<typeof runFilter>;

/** True for a filter that needs to know which runs belong to one unit. */
export function isByUnit({ first, counted, firstRun }: Omit<RunFilter, 'time'>): boolean {
  return first !== undefined || counted !== undefined || firstRun !== undefined;
}

const TEXT_KEYS = {
  text: 'q',
  serialNumber: 'serial',
  batchId: 'batch',
  failureCode: 'failure',
  failurePhase: 'phase',
  failureStep: 'step',
  failureMeasurement: 'measurement',
  recipe: 'recipe',
  operator: 'operator',
  station: 'station',
  time: 'time',
  first: 'first',
} as const satisfies Partial<Record<keyof RunFilter, string>>;
const NUMBER_KEYS = {
  slot: 'slot',
  fromAtMs: 'from',
  toAtMs: 'to',
  endedFromAtMs: 'endedFrom',
  endedToAtMs: 'endedTo',
} as const satisfies Partial<Record<keyof RunFilter, string>>;
const OUTCOMES_KEY = 'outcome';
/** The measured range: phase, step, name, the two numbers and the place on a curve where it counts, as a JSON list. */
const MEASURED_KEY = 'measured';
const COUNTED_KEY = 'counted';
/** Which first run, slot and the two times, as a JSON list. */
const FIRST_RUN_KEY = 'unit';

export type RunQuery = Readonly<Record<string, string>>;

/** A filter as the query of an address, without empty conditions. `parseRunQuery` reads it. */
export function formatRunQuery(filter: RunFilter): RunQuery {
  const query: Record<string, string> = {};
  for (const [key, name] of Object.entries({ ...TEXT_KEYS, ...NUMBER_KEYS })) {
    const value = filter[key as keyof typeof TEXT_KEYS | keyof typeof NUMBER_KEYS];
    if (value !== undefined) query[name] = String(value);
  }
  if (filter.outcomes !== undefined) query[OUTCOMES_KEY] = filter.outcomes.join(',');
  if (filter.measured !== undefined) {
    const { phase, step, name, fromValue = null, toValue = null, at } = filter.measured;
    query[MEASURED_KEY] = JSON.stringify([
      phase,
      step,
      name,
      fromValue,
      toValue,
      ...(at === undefined ? [] : [at]),
    ]);
  }
  if (filter.counted === true) query[COUNTED_KEY] = '1';
  if (filter.firstRun !== undefined) {
    const { of, slot = null, fromAtMs = null, toAtMs = null } = filter.firstRun;
    query[FIRST_RUN_KEY] = JSON.stringify([of, slot, fromAtMs, toAtMs]);
  }
  return query;
}

/** A filter of an address. */
export interface ParsedRunQuery {
  readonly filter: RunFilter;
  /** Keys of conditions that could not be read; they are not in the filter. Unknown keys are ignored. */
  readonly unread: readonly string[];
}

/** Reads the query of an address, as vue-router has it; of a repeated key the first value counts. */
export function parseRunQuery(query: Readonly<Record<string, unknown>>): ParsedRunQuery {
  const filter: Record<string, unknown> = {};
  const unread: string[] = [];
  const read = (key: keyof RunFilter, name: string, convert: (text: string) => unknown): void => {
    const given: unknown = Array.isArray(query[name]) ? query[name][0] : query[name];
    if (typeof given !== 'string' || given === '') return;
    const parsed = runFilter.safeParse({ [key]: convert(given) });
    if (parsed.success) filter[key] = parsed.data[key];
    else unread.push(name);
  };
  for (const [key, name] of Object.entries(TEXT_KEYS)) read(key as keyof RunFilter, name, (text) => text);
  for (const [key, name] of Object.entries(NUMBER_KEYS)) read(key as keyof RunFilter, name, Number);
  read('outcomes', OUTCOMES_KEY, (text) => text.split(','));
  read('measured', MEASURED_KEY, toMeasuredRange);
  read('counted', COUNTED_KEY, (text) => text === '1');
  read('firstRun', FIRST_RUN_KEY, toFirstRun);
  return { filter: filter as RunFilter, unread };
}

function toMeasuredRange(text: string): unknown {
  const [phase, step, name, fromValue, toValue, at] = toList(text);
  return known({ phase, step, name, fromValue: fromValue ?? undefined, toValue: toValue ?? undefined, at });
}

function toFirstRun(text: string): unknown {
  const [of, slot, fromAtMs, toAtMs] = toList(text);
  return known({
    of,
    slot: slot ?? undefined,
    fromAtMs: fromAtMs ?? undefined,
    toAtMs: toAtMs ?? undefined,
  });
}

const known = (object: Readonly<Record<string, unknown>>): unknown =>
  Object.fromEntries(Object.entries(object).filter(([, value]) => value !== undefined));

/** The list of a JSON text; empty when it is none. */
function toList(text: string): readonly unknown[] {
  try {
    const parsed: unknown = JSON.parse(text);
    return Array.isArray(parsed) ? parsed : [];
  } catch {
    return [];
  }
}
