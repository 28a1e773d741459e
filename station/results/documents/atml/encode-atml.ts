import { xmlText } from '#shared/codec/xml-text.ts';
import type { MeasuredValue } from '#shared/domain/limits.ts';
import { type Outcome, worstOutcome } from '#shared/domain/outcome.ts';
import { readLimits } from '../read-limits.ts';
import {
  type DocumentFailure,
  type DocumentMeasurement,
  type DocumentStep,
  lastAttempts,
  phasesOf,
  type RunDocument,
  stepPathOf,
  uuidOf,
} from '../run-document.ts';
import { element, xmlDouble } from '../xml.ts';
import { ATML_OUTCOMES, NAMESPACES } from './atml-names.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const COLLECTION = 'trc:TestResultsCollection';

/** The text before and after the runs of a collection. */
export const ATML_COLLECTION = {
  head: `${DECLARATION}<${COLLECTION}${declared(['trc', 'tr', 'c', 'gw', 'xsi'])}>\n`,
  tail: `</${COLLECTION}>\n`,
};

/** A run as a document of its own: IEEE 1636.1 TestResults. */
export function encodeAtml(run: RunDocument): string {
  return `${DECLARATION}${results('tr:TestResults', run, declared(['tr', 'c', 'gw', 'xsi']))}`;
}

/** A run as a part of a collection. */
export function encodeAtmlPart(run: RunDocument): string {
  return results('trc:TestResults', run, '');
}

function declared(prefixes: readonly (keyof typeof NAMESPACES)[]): string {
  return prefixes.map((prefix) => ` xmlns:${prefix}="${NAMESPACES[prefix]}"`).join('');
}

function results(name: string, run: RunDocument, namespaces: string): string {
  const content = [
    element(
      'tr:Personnel',
      {},
      element('tr:SystemOperator', { ID: named(run.operator), name: named(run.operator) }),
    ),
    resultSet(run),
    element(
      'tr:TestProgram',
      {},
      definition({ name: run.recipe.name, version: run.recipe.version }),
      serial(run.recipe.hash),
    ),
    element(
      'tr:TestStation',
      {},
      definition({ name: 'Gongwei', version: run.appVersion }),
      serial(run.station),
    ),
    unit(run),
    element('tr:Extension', {}, runExtension(run)),
  ];
  const head = `<${name}${namespaces} uuid="${uuidOf(run.runId)}" name="${xmlText(named(run.runId))}">`;
  return `${head}\n${content.join('\n')}\n</${name}>\n`;
}

/** What IEEE 1636.1 has no place for. */
function runExtension(run: RunDocument): string {
  const { proof } = run;
  return element(
    'gw:Run',
    {
      id: run.runId,
      outcome: run.outcome,
      batch: run.batchId,
      batchName: run.batch,
      slot: run.slot === null ? null : String(run.slot),
      serialNumber: run.serialNumber,
      unitIdKind: run.unitId?.kind ?? null,
      unitId: run.unitId?.text ?? null,
      firmwareSha256: run.firmwareSha256,
      readBack: proof?.readBack ?? null,
      online: proof?.online ?? null,
      unproven: proof?.unproven === true ? 'true' : null,
    },
    ...(run.attachments ?? []).map(({ step, name, mediaType, bytes, sha256 }) =>
      element('gw:Attachment', {
        phase: step.phase,
        step: step.step,
        attempt: String(step.attempt),
        name,
        mediaType,
        bytes: String(bytes),
        sha256,
      }),
    ),
  );
}

function unit(run: RunDocument): string {
  const numbers = [
    run.productId === null ? null : identification('Part', 'ProductId', run.productId),
    run.unitId === null ? null : identification('Other', UNIT_IDS[run.unitId.kind], run.unitId.text),
    run.deviceName === null ? null : identification('Other', 'DeviceName', run.deviceName),
  ].filter((number) => number !== null);
  return element(
    'tr:UUT',
    {},
    definition({ name: run.productId ?? '', version: '' }, numbers),
    serial(run.serialNumber ?? run.unitId?.text ?? ''),
  );
}

export const UNIT_IDS = { mac: 'MAC', 'chip-id': 'ChipId', 'serial-number': 'DeviceSerialNumber' } as const;

function identification(type: string, qualifier: string, number: string): string {
  return element('c:IdentificationNumber', { number: named(number), type, qualifier });
}

function definition(
  { name, version }: { readonly name: string; readonly version: string },
  numbers: readonly string[] = [],
): string {
  return element(
    'c:Definition',
    {},
    element(
      'c:Identification',
      {},
      version === '' ? null : element('c:Version', {}, xmlText(version)),
      element('c:ModelName', {}, xmlText(named(name))),
      numbers.length === 0 ? null : element('c:IdentificationNumbers', {}, ...numbers),
    ),
  );
}

function serial(text: string): string {
  return element('c:SerialNumber', {}, xmlText(named(text)));
}

/** The schema has no empty names. */
function named(text: string): string {
  return text === '' ? 'unknown' : text;
}

/** Ids are unique in a document, which may have many runs. */
class Ids {
  readonly #prefix: string;
  #last = 0;
  constructor(runId: string) {
    this.#prefix = `r${uuidOf(runId)}`;
  }
  next(): string {
    this.#last += 1;
    return `${this.#prefix}.${this.#last}`;
  }
}

function resultSet(run: RunDocument): string {
  const ids = new Ids(run.runId);
  const deciding = lastAttempts(run.steps);
  const start = {
    ID: ids.next(),
    name: named(run.recipe.name),
    ...times(run.startedAtMs, run.finishedAtMs),
  };
  return element(
    'tr:ResultSet',
    start,
    '\n',
    run.failure === null ? null : events(run.failure, ids),
    outcome(run.outcome),
    '\n',
    ...phasesOf(run.steps).map((steps) => phaseGroup(steps, deciding, ids)),
  );
}

function phaseGroup(steps: readonly DocumentStep[], deciding: ReadonlySet<DocumentStep>, ids: Ids): string {
  const [first] = steps;
  const last = steps.at(-1);
  if (first === undefined || last === undefined) return '';
  const decided = steps.filter((step) => deciding.has(step)).map((step) => step.outcome);
  return element(
    'tr:TestGroup',
    { ID: ids.next(), name: named(first.phase), ...times(first.startedAtMs, last.startedAtMs + last.ms) },
    outcome(worstOutcome(decided)),
    '\n',
    ...steps.map((step) => stepElement(step, ids)),
  ).concat('\n');
}

/**
 * A step that measured or failed is a Test. Any other is a SessionAction, which can only be done or aborted.
 */
function stepElement(step: DocumentStep, ids: Ids): string {
  const isTest = step.measurements.length > 0 || step.outcome === 'FAIL';
  const { value, qualifier } = ATML_OUTCOMES[step.outcome];
  return element(
    isTest ? 'tr:Test' : 'tr:SessionAction',
    {
      ID: ids.next(),
      name: named(step.step),
      ...times(step.startedAtMs, step.startedAtMs + step.ms),
      testReferenceID: named(stepPathOf(step)),
    },
    step.failure === null ? null : events(step.failure, ids),
    element(
      'tr:Parameters',
      {},
      element(
        'tr:Parameter',
        { ID: ids.next(), name: 'attempt' },
        element('tr:Data', {}, element('c:Datum', { 'xsi:type': 'c:integer', value: String(step.attempt) })),
      ),
    ),
    element('tr:Extension', {}, element('gw:Step', { ms: xmlDouble(step.ms) })),
    isTest
      ? outcome(step.outcome)
      : element('tr:ActionOutcome', { value: value === 'Passed' ? 'Done' : 'Aborted', qualifier }),
    ...step.measurements.map((measured) => testResult(measured, ids)),
  ).concat('\n');
}

function outcome(of: Outcome): string {
  const { value, qualifier } = ATML_OUTCOMES[of];
  return element('tr:Outcome', { value, qualifier });
}

function events({ code, phase, step, message, hint, details }: DocumentFailure, ids: Ids): string {
  return element(
    'tr:Events',
    {},
    element(
      'tr:Event',
      { ID: ids.next(), name: named(code), severity: '4', source: named(stepPathOf({ phase, step })) },
      message === '' ? null : element('tr:Message', {}, xmlText(message)),
      hint === null || hint === '' ? null : element('tr:Message', {}, xmlText(hint)),
      ...Object.entries(details).flatMap(([name, value]) =>
        value === null || name === '' ? [] : [element('tr:Data', { name }, datum(value, null))],
      ),
    ),
  );
}

function testResult(measured: DocumentMeasurement, ids: Ids): string {
  const { value, unit, at } = measured;
  return element(
    'tr:TestResult',
    { ID: ids.next(), name: named(measured.name) },
    outcome(measured.outcome),
    value === null ? null : element('tr:TestData', {}, datum(value, unit)),
    testLimits(measured),
    measurementExtension(measured, at),
  );
}

/** What IEEE 1636.1 has no place for: the text of the limits, the place on a curve, a pass near a limit. */
function measurementExtension(
  { value, limits, marginal, relative, low, high }: DocumentMeasurement,
  at: DocumentMeasurement['at'],
): string | null {
  const isPlain = value !== null && !marginal && !relative && at === null;
  if (isPlain && limits === '' && low === null && high === null) return null;
  return element(
    'tr:Extension',
    {},
    element(
      'gw:Measurement',
      { limits, marginal: marginal ? 'true' : null, relative: relative ? 'true' : null },
      ...(at ?? []).map((point) =>
        element('gw:At', {
          name: point.name,
          value: typeof point.value === 'number' ? xmlDouble(point.value) : point.value,
          type: typeof point.value,
          unit: point.unit,
        }),
      ),
    ),
  );
}

function testLimits(measured: DocumentMeasurement): string | null {
  const { low, high, equals } = readLimits(measured);
  const { unit } = measured;
  const limit = (name: string, comparator: string, value: MeasuredValue): string =>
    element(name, { comparator }, datum(value, unit));
  const lower = low === null ? null : ([low.exclusive ? 'GT' : 'GE', low.value] as const);
  const upper = high === null ? null : ([high.exclusive ? 'LT' : 'LE', high.value] as const);
  const single = lower ?? upper;
  const parts = [
    lower !== null && upper !== null
      ? element('c:LimitPair', { operator: 'AND' }, limit('c:Limit', ...lower), limit('c:Limit', ...upper))
      : single === null
        ? null
        : limit('c:SingleLimit', single[0], single[1]),
    equals === undefined ? null : limit('c:Expected', 'EQ', equals),
  ].filter((part) => part !== null);
  if (parts.length === 0) return null;
  return element('tr:TestLimits', {}, ...parts.map((part) => element('tr:Limits', {}, part)));
}

function datum(value: MeasuredValue, unit: string | null): string {
  const nonStandardUnit = unit === '' ? null : unit;
  switch (typeof value) {
    case 'number':
      return element('c:Datum', { 'xsi:type': 'c:double', value: xmlDouble(value), nonStandardUnit });
    case 'boolean':
      return element('c:Datum', { 'xsi:type': 'c:boolean', value: String(value), nonStandardUnit });
    case 'string':
      return element(
        'c:Datum',
        { 'xsi:type': 'c:string', nonStandardUnit },
        `<c:Value>${xmlText(value)}</c:Value>`,
      );
  }
}

/** Times in UTC. The end of a step is rounded to a millisecond. */
function times(
  startedAtMs: number,
  endedAtMs: number,
): { readonly startDateTime: string; readonly endDateTime: string } {
  return {
    startDateTime: new Date(startedAtMs).toISOString(),
    endDateTime: new Date(Math.round(endedAtMs)).toISOString(),
  };
}
