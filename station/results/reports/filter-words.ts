import type { RunFilter } from '#shared/contract/index.ts';

type Conditions = Omit<RunFilter, 'time'>;
type Words = { readonly [K in keyof Conditions]-?: (value: NonNullable<Conditions[K]>) => string };

const isoOf = (ms: number): string => new Date(ms).toISOString();
const quoted = (text: string): string => `"${text}"`;

const WORDS: Words = {
  text: (text) => `${quoted(text)} in the serial number, MAC or DeviceName`,
  serialNumber: (serial) => `serial number ${quoted(serial)}`,
  batchId: (batch) => `batch ${batch}`,
  outcomes: (outcomes) => `outcome ${outcomes.join(' or ')}`,
  failureCode: (code) => `first failure ${code}`,
  failurePhase: (phase) => `failed in phase ${quoted(phase)}`,
  failureStep: (step) => `failed in step ${quoted(step)}`,
  failureMeasurement: (name) => `failed by measurement ${quoted(name)}`,
  recipe: (hash) => `recipe ${hash}`,
  slot: (slot) => `slot ${slot}`,
  operator: (name) => `operator ${quoted(name)}`,
  station: (name) => `station ${quoted(name)}`,
  fromAtMs: (ms) => `started at ${isoOf(ms)} or later`,
  toAtMs: (ms) => `started before ${isoOf(ms)}`,
  endedFromAtMs: (ms) => `ended at ${isoOf(ms)} or later`,
  endedToAtMs: (ms) => `ended before ${isoOf(ms)}`,
  measured: ({ phase, step, name, fromValue, toValue }) =>
    [
      `measurement ${quoted([phase, step, name].join('.'))}`,
      ...(fromValue === undefined ? [] : [`from ${fromValue}`]),
      ...(toValue === undefined ? [] : [`below ${toValue}`]),
    ].join(' '),
  first: (of) => (of === 'any' ? 'first ended run of its unit' : 'first tested run of its unit'),
  counted: () => 'the run whose values count for its unit',
  firstRun: ({ of, slot, fromAtMs, toAtMs }) =>
    [
      of === 'any' ? 'first run of the unit' : 'first tested run of the unit',
      ...(slot === undefined ? [] : [`in slot ${slot}`]),
      ...(fromAtMs === undefined ? [] : [`started at ${isoOf(fromAtMs)} or later`]),
      ...(toAtMs === undefined ? [] : [`started before ${isoOf(toAtMs)}`]),
    ].join(' '),
};

/** A filter in English, its conditions separated by semicolons; `all runs` without a condition. */
export function filterWords(filter: Conditions): string {
  const said = (Object.keys(WORDS) as (keyof Conditions)[]).flatMap((key) => {
    const value = filter[key];
    // The words of a key take the value of that key.
    return value === undefined ? [] : [(WORDS[key] as (value: never) => string)(value as never)];
  });
  return said.length === 0 ? 'all runs' : said.join('; ');
}

/** The conditions of a filter without what the database adds to it. */
export function conditionsOf(filter: Conditions): Conditions {
  const keys = Object.keys(WORDS) as (keyof Conditions)[];
  return Object.fromEntries(
    keys.flatMap((key) => (filter[key] === undefined ? [] : [[key, filter[key]] as const])),
  );
}
