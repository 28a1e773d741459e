import { z } from 'zod';
import { FAULT_CODES } from '../domain/fault.ts';
import { OUTCOMES } from '../domain/outcome.ts';
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
});
export type MeasuredRange = z.infer<typeof measuredRange>;

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
  measured: measuredRange.optional(),
});
export type RunFilter = z.infer<typeof runFilter>;

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
} as const satisfies Partial<Record<keyof RunFilter, string>>;
const NUMBER_KEYS = { slot: 'slot', fromAtMs: 'from', toAtMs: 'to' } as const satisfies Partial<
  Record<keyof RunFilter, string>
>;
const OUTCOMES_KEY = 'outcome';
/** The measured range: phase, step, name and the two numbers, as a JSON list. */
const MEASURED_KEY = 'measured';

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
    const { phase, step, name, fromValue = null, toValue = null } = filter.measured;
    query[MEASURED_KEY] = JSON.stringify([phase, step, name, fromValue, toValue]);
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
  return { filter: filter as RunFilter, unread };
}

function toMeasuredRange(text: string): unknown {
  try {
    const parsed: unknown = JSON.parse(text);
    if (!Array.isArray(parsed)) return null;
    const [phase, step, name, fromValue, toValue] = parsed as unknown[];
    return {
      phase,
      step,
      name,
      ...(fromValue === null ? {} : { fromValue }),
      ...(toValue === null ? {} : { toValue }),
    };
  } catch {
    return null;
  }
}
