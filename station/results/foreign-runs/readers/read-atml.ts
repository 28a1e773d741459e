import type { MeasuredValue } from '#shared/domain/limits.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { UNIT_ID_KINDS } from '#shared/domain/unit-id.ts';
import { READ_BACK_STRENGTHS } from '#shared/domain/read-back.ts';
import type {
  DocumentFailure,
  DocumentMeasurement,
  DocumentStep,
  RunDocument,
} from '../../documents/index.ts';
import { type Candidate, idOfContent } from '../candidate.ts';
import { candidateOf } from './read-json.ts';
import { BadRecord, millisOf, unitIdOfText } from './values.ts';
import { child, childrenOf, readElements, type XmlElement } from './xml-tree.ts';

/** Runs of ATML (IEEE 1636.1), a document or a collection, of any edition. Faults: those of the file system. */
export async function* readAtml(path: string): AsyncGenerator<Candidate> {
  try {
    for await (const results of readElements(path, 'TestResults'))
      yield candidateOf(results.line, () => runOf(results));
  } catch (error) {
    if (!(error instanceof BadRecord)) throw error;
    yield { line: 1, reason: error.message };
  }
}

function runOf(results: XmlElement): RunDocument {
  const set = child(results, 'ResultSet');
  if (set === undefined) throw new BadRecord('it has no ResultSet');
  const own = child(results, 'Extension', 'Run')?.attributes ?? null;
  const startedAtMs = millisOf(set.attributes['startDateTime'], 'the start of the ResultSet');
  const finishedAtMs = millisOf(
    set.attributes['endDateTime'] ?? lastEnd(set) ?? startedAtMs,
    'the end of the ResultSet',
  );
  const unit = child(results, 'UUT');
  const program = child(results, 'TestProgram');
  const station = child(results, 'TestStation');
  const operator = child(results, 'Personnel', 'SystemOperator')?.attributes;
  const numbers = new Map(
    childrenOf(
      child(unit, 'Definition', 'Identification', 'IdentificationNumbers'),
      'IdentificationNumber',
    ).map(({ attributes }) => [
      attributes['qualifier'] ?? attributes['type'] ?? '',
      attributes['number'] ?? '',
    ]),
  );
  const outcome = runOutcome(set);
  const steps = [...stepsOf(set, [])];
  const identification = ['Definition', 'Identification'];
  const run: RunDocument = {
    runId: own?.['id'] ?? '',
    station: known(child(station, 'SerialNumber')?.text),
    batchId: own?.['batch'] ?? '',
    batch: own?.['batchName'] ?? '',
    slot: own?.['slot'] === undefined ? null : Number(own['slot']),
    serialNumber:
      own === null ? knownOrNull(child(unit, 'SerialNumber')?.text) : (own['serialNumber'] ?? null),
    unitId: own === null ? unitIdOfText(numbers.get('MAC') ?? null) : ownUnitId(own),
    productId: numbers.get('ProductId') ?? partNumber(unit),
    deviceName: numbers.get('DeviceName') ?? null,
    proof: own === null ? null : ownProof(own),
    outcome,
    failure: outcome === 'PASS' || own !== null ? failureOf(set) : (failureOf(set) ?? firstFailure(steps)),
    startedAtMs,
    finishedAtMs,
    operator: known(operator?.['name'] ?? operator?.['ID']),
    appVersion: known(child(station, ...identification, 'Version')?.text),
    firmwareSha256: own?.['firmwareSha256'] ?? null,
    recipe: {
      hash: known(child(program, 'SerialNumber')?.text),
      name: known(child(program, ...identification, 'ModelName')?.text ?? set.attributes['name']),
      version: known(child(program, ...identification, 'Version')?.text),
    },
    steps,
  };
  if (run.runId !== '') return run;
  // The uuid of a document names the document: a program that writes it anew gives it another.
  return { ...run, runId: idOfContent(run) };
}

function partNumber(unit: XmlElement | undefined): string | null {
  const numbers = child(unit, 'Definition', 'Identification', 'IdentificationNumbers');
  const part = childrenOf(numbers, 'IdentificationNumber').find(
    ({ attributes }) => attributes['type'] === 'Part',
  );
  return knownOrNull(part?.attributes['number']);
}

/** Writers of ATML put a word where the schema wants a name. */
function known(text: string | undefined): string {
  return text === undefined || text === 'unknown' ? '' : text;
}

function knownOrNull(text: string | undefined): string | null {
  const found = known(text).trim();
  return found === '' ? null : found;
}

function ownUnitId(own: Readonly<Record<string, string>>): RunDocument['unitId'] {
  const kind = UNIT_ID_KINDS.find((one) => one === own['unitIdKind']);
  return kind === undefined ? null : { kind, text: own['unitId'] ?? '' };
}

function ownProof(own: Readonly<Record<string, string>>): RunDocument['proof'] {
  const readBack = READ_BACK_STRENGTHS.find((one) => one === own['readBack']);
  if (readBack === undefined) return null;
  return { readBack, online: own['online'] ?? '', ...(own['unproven'] === 'true' ? { unproven: true } : {}) };
}

function lastEnd(set: XmlElement): string | undefined {
  return set.children
    .map(({ attributes }) => attributes['endDateTime'])
    .filter((time) => time !== undefined)
    .sort()
    .at(-1);
}

function runOutcome(set: XmlElement): Outcome {
  const outcome = child(set, 'Outcome');
  if (outcome === undefined) throw new BadRecord('its ResultSet has no Outcome');
  const found = outcomeOf(outcome);
  if (found !== null) return found;
  throw new BadRecord(`its outcome is ${outcome.attributes['value'] ?? 'missing'}`);
}

/** Null for something that was not tested. */
function outcomeOf({ attributes: { value, qualifier = '' } }: XmlElement): Outcome | null {
  switch (value) {
    case 'Passed':
    case 'Done':
      return 'PASS';
    case 'Failed':
      return 'FAIL';
    case 'Aborted':
    case 'UserDefined':
      // TestStand writes its own words as a qualifier.
      return QUALIFIED[qualifier.toLowerCase()] ?? (value === 'Aborted' ? 'ABORTED' : null);
    default:
      return null;
  }
}

const QUALIFIED: Readonly<Record<string, Outcome | null>> = {
  error: 'ERROR',
  errored: 'ERROR',
  timeout: 'TIMEOUT',
  terminated: 'ABORTED',
  aborted: 'ABORTED',
  passed: 'PASS',
  done: 'PASS',
  failed: 'FAIL',
  skipped: null,
};

/** The tests and actions in their order; the names of the groups around them are the phase. */
function* stepsOf(group: XmlElement, path: readonly string[]): Generator<DocumentStep> {
  const attempts = new Map<string, number>();
  for (const element of group.children) {
    const { name = '' } = element.attributes;
    if (element.name === 'TestGroup') yield* stepsOf(element, [...path, known(name)]);
    if (element.name !== 'Test' && element.name !== 'SessionAction') continue;
    const said = child(element, 'Outcome') ?? child(element, 'ActionOutcome');
    const outcome = said === undefined ? 'PASS' : outcomeOf(said);
    if (outcome === null) continue;
    const counted = (attempts.get(name) ?? 0) + 1;
    attempts.set(name, counted);
    yield stepOf(element, { phase: path.join('/'), outcome, counted });
  }
}

function stepOf(
  element: XmlElement,
  {
    phase,
    outcome,
    counted,
  }: { readonly phase: string; readonly outcome: Outcome; readonly counted: number },
): DocumentStep {
  const { startDateTime, endDateTime, name } = element.attributes;
  const startedAtMs = millisOf(startDateTime, 'the start of a test');
  const ms = Number(child(element, 'Extension', 'Step')?.attributes['ms'] ?? NaN);
  const attempt = childrenOf(child(element, 'Parameters'), 'Parameter').find(
    (parameter) => parameter.attributes['name'] === 'attempt',
  );
  const number = Number(child(attempt, 'Data', 'Datum')?.attributes['value'] ?? NaN);
  return {
    phase,
    step: known(name),
    attempt: Number.isSafeInteger(number) && number > 0 ? number : counted,
    outcome,
    startedAtMs,
    ms: Number.isFinite(ms)
      ? ms
      : Math.max(0, millisOf(endDateTime ?? startedAtMs, 'the end of a test') - startedAtMs),
    failure: failureOf(element),
    measurements: childrenOf(element, 'TestResult').flatMap((result) => measurementsOf(result, outcome)),
  };
}

/** What an event says; the code is its name. */
function failureOf(element: XmlElement): DocumentFailure | null {
  const event = child(element, 'Events', 'Event');
  if (event === undefined) return null;
  const [message, hint] = childrenOf(event, 'Message').map(({ text }) => text);
  const { name = '', source = '' } = event.attributes;
  const slash = source.lastIndexOf('/');
  const details = childrenOf(event, 'Data').flatMap((data) => {
    const value = datumOf(child(data, 'Datum'));
    return value === null ? [] : [[data.attributes['name'] ?? '', value] as const];
  });
  return {
    code: known(name),
    phase: slash === -1 ? '' : source.slice(0, slash),
    step: slash === -1 ? known(source) : source.slice(slash + 1),
    message: message ?? '',
    hint: hint ?? null,
    details: Object.fromEntries(details),
  };
}

function firstFailure(steps: readonly DocumentStep[]): DocumentFailure {
  const failed = steps.find(({ outcome }) => outcome !== 'PASS');
  const measured = failed?.measurements.find(({ outcome }) => outcome !== 'PASS');
  return {
    code: '',
    phase: failed?.phase ?? '',
    step: failed?.step ?? '',
    message: '',
    hint: null,
    details: measured === undefined ? {} : { measurement: measured.name },
  };
}

/** TestStand puts the report text of a step into a result of its own; a result without data is no measurement. */
function measurementsOf(result: XmlElement, ofStep: Outcome): DocumentMeasurement[] {
  const own = child(result, 'Extension', 'Measurement');
  const datum = child(result, 'TestData', 'Datum');
  if (datum === undefined && own === undefined) return [];
  const said = child(result, 'Outcome');
  const outcome = said === undefined ? ofStep : outcomeOf(said);
  const limits = childrenOf(child(result, 'TestLimits'), 'Limits');
  const { low, high, text } = boundsOf(limits);
  const unit = datum?.attributes['nonStandardUnit'] ?? datum?.attributes['standardUnit'] ?? null;
  const at = own === undefined ? [] : childrenOf(own, 'At');
  return [
    {
      name: known(result.attributes['name']),
      value: datumOf(datum),
      unit,
      limits: own?.attributes['limits'] ?? text,
      outcome: outcome ?? 'PASS',
      low,
      high,
      marginal: own?.attributes['marginal'] === 'true',
      relative: own?.attributes['relative'] === 'true',
      at:
        at.length === 0
          ? null
          : at.map(({ attributes }) => ({
              name: attributes['name'] ?? '',
              value:
                attributes['type'] === 'number' ? Number(attributes['value']) : (attributes['value'] ?? ''),
              unit: attributes['unit'] ?? null,
            })),
    },
  ];
}

const SIGNS: Readonly<Record<string, string>> = { GE: '≥', GT: '>', LE: '≤', LT: '<', EQ: '=' };

function boundsOf(limits: readonly XmlElement[]): {
  readonly low: number | null;
  readonly high: number | null;
  readonly text: string;
} {
  let [low, high]: [number | null, number | null] = [null, null];
  const parts: string[] = [];
  for (const one of limits) {
    const singles = [
      ...childrenOf(child(one, 'LimitPair'), 'Limit'),
      ...childrenOf(one, 'SingleLimit'),
      ...childrenOf(one, 'Expected'),
    ];
    for (const single of singles) {
      const { comparator = '' } = single.attributes;
      const value = datumOf(child(single, 'Datum'));
      parts.push(
        `${SIGNS[comparator] ?? comparator} ${typeof value === 'string' ? JSON.stringify(value) : value}`,
      );
      if (typeof value !== 'number') continue;
      if (comparator === 'GE' || comparator === 'GT') low = value;
      if (comparator === 'LE' || comparator === 'LT') high = value;
    }
  }
  return { low, high, text: parts.join(', ') };
}

/** A value by its type: `c:double`, `c:string`, `TS_double` …; null without one and for NaN and infinity. */
function datumOf(datum: XmlElement | undefined): MeasuredValue | null {
  if (datum === undefined) return null;
  const { type = '', value } = datum.attributes;
  const text = value ?? child(datum, 'Value')?.text;
  if (text === undefined) return null;
  const kind = type
    .slice(type.indexOf(':') + 1)
    .replace(/^TS_/, '')
    .toLowerCase();
  if (kind === 'boolean') return text === 'true' || text === '1' || text === 'True';
  if (!NUMBERS.has(kind)) return text;
  const number = text === 'INF' || text === '-INF' ? NaN : Number(text);
  return Number.isFinite(number) ? number : null;
}

const NUMBERS: ReadonlySet<string> = new Set([
  'double', 'integer', 'long', 'unsignedinteger', 'unsignedlong',
]); // prettier-ignore
