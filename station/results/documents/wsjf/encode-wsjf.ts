import { visibleJson } from '#shared/codec/visible-text.ts';
import { type Outcome, worstOutcome } from '#shared/domain/outcome.ts';
import { readLimits } from '../read-limits.ts';
import {
  type DocumentMeasurement,
  type DocumentStep,
  lastAttempts,
  phasesOf,
  type RunDocument,
  stepPathOf,
  uuidOf,
} from '../run-document.ts';

/** Passed, Failed, Error, Terminated. A step that ran out of time is an error of the test, as in TestStand. */
export const WSJF_RESULTS: Readonly<Record<Outcome, 'P' | 'F' | 'E' | 'T'>> = {
  PASS: 'P',
  FAIL: 'F',
  ERROR: 'E',
  TIMEOUT: 'E',
  ABORTED: 'T',
};

/** The code of the test operation that every WATS server has from the beginning ("SW Debug"). */
export const DEFAULT_PROCESS_CODE = 10;

export interface WsjfOptions {
  /** The code of the test operation at the WATS server. */
  readonly processCode?: number | undefined;
}

/**
 * A run as a UUT report in the WATS Standard JSON Format: phases are sequence calls, steps are sequence calls within them,
 * measurements are limit, string and pass/fail steps within those. A step that measured nothing is an action.
 */
export function encodeWsjf(
  run: RunDocument,
  { processCode = DEFAULT_PROCESS_CODE }: WsjfOptions = {},
): string {
  const ids = { next: 0 };
  const culprit = { step: culpritOf(run), id: null as number | null };
  const start = new Date(run.startedAtMs).toISOString();
  const root = {
    ...stepHead(
      ids,
      'SequenceCall',
      nameOf(run.recipe.name),
      run.outcome,
      run.finishedAtMs - run.startedAtMs,
    ),
    steps: phasesOf(run.steps).map((steps) => phaseCall(run, steps, ids, culprit)),
    seqCall: seqCall(run, run.recipe.name),
  };
  return `${visibleJson({
    type: 'T',
    id: uuidOf(run.runId),
    pn: run.productId ?? nameOf(run.recipe.name),
    sn: run.serialNumber ?? run.unitId?.text ?? 'unknown',
    rev: '',
    productName: null,
    processCode,
    result: WSJF_RESULTS[run.outcome],
    machineName: nameOf(run.station),
    location: '',
    purpose: '',
    start: start.replace('Z', '+00:00'),
    startUTC: start,
    root,
    uut: {
      execTime: seconds(run.finishedAtMs - run.startedAtMs),
      testSocketIndex: run.slot,
      batchSN: run.batch,
      comment: null,
      errorCode: null,
      errorMessage: run.failure === null ? null : `${run.failure.code}: ${run.failure.message}`,
      fixtureId: null,
      user: run.operator,
      batchFailCount: null,
      batchLoopIndex: null,
      stepIdCausedUUTFailure: culprit.id,
    },
    miscInfos: miscInfosOf(run),
    subUnits: [],
    additionalData: [],
  })}\n`;
}

function miscInfosOf(run: RunDocument): object[] {
  const texts: readonly (readonly [string, string | null])[] = [
    ['run', run.runId],
    ['outcome', run.outcome],
    ['unit id', run.unitId?.text ?? null],
    ['ProductId', run.productId],
    ['DeviceName', run.deviceName],
    ['recipe hash', run.recipe.hash],
    ['recipe version', run.recipe.version],
    ['firmware SHA-256', run.firmwareSha256],
    ['read-back', run.proof?.readBack ?? null],
    ['online', run.proof?.online ?? null],
    ['app version', run.appVersion],
    ...(run.attachments ?? []).map(
      ({ name, mediaType, bytes, sha256 }) =>
        [`attachment ${name}`, `${mediaType}, ${bytes} bytes, SHA-256 ${sha256}`] as const,
    ),
  ];
  return texts
    .filter(([, text]) => text !== null && text !== '')
    .map(([description, text]) => ({ description, text, numeric: null }));
}

interface Ids {
  next: number;
}

interface Culprit {
  readonly step: DocumentStep | null;
  id: number | null;
}

/** The step that failed first, in its last attempt. */
function culpritOf({ failure, steps, outcome }: RunDocument): DocumentStep | null {
  if (outcome === 'PASS' || failure === null) return null;
  return steps.findLast(({ phase, step }) => phase === failure.phase && step === failure.step) ?? null;
}

function phaseCall(run: RunDocument, steps: readonly DocumentStep[], ids: Ids, culprit: Culprit): object {
  const deciding = lastAttempts(run.steps);
  const outcome = worstOutcome(steps.filter((step) => deciding.has(step)).map((step) => step.outcome));
  const name = nameOf(steps[0]?.phase ?? '');
  const ms = steps.reduce((sum, step) => sum + step.ms, 0);
  return {
    ...stepHead(ids, 'SequenceCall', name, outcome, ms),
    steps: steps.map((step) => stepOf(run, step, ids, culprit)),
    seqCall: seqCall(run, name),
  };
}

function stepOf(run: RunDocument, step: DocumentStep, ids: Ids, culprit: Culprit): object {
  const { measurements, attempt, failure } = step;
  const isCulprit = step === culprit.step;
  const own = stepHead(
    ids,
    measurements.length === 0 ? 'Action' : 'SequenceCall',
    nameOf(step.step),
    step.outcome,
    step.ms,
  );
  if (isCulprit) culprit.id = own.id;
  const report = [
    ...(attempt === 1 ? [] : [`attempt ${attempt}`]),
    ...(failure === null ? [] : [`${failure.code}: ${failure.message}`]),
  ].join('; ');
  return {
    ...own,
    causedUUTFailure: isCulprit,
    ...(report === '' ? {} : { reportText: report }),
    ...(measurements.length === 0
      ? {}
      : {
          steps: measurements.map((measured) => measurementStep(measured, ids)),
          seqCall: seqCall(run, stepPathOf(step)),
        }),
  };
}

function stepHead(ids: Ids, stepType: string, name: string, outcome: Outcome, ms: number | null) {
  const id = ids.next;
  ids.next += 1;
  return {
    id,
    group: 'M',
    stepType,
    name,
    status: WSJF_RESULTS[outcome],
    totTime: ms === null ? null : seconds(ms),
    causedUUTFailure: false,
  };
}

function seqCall({ recipe }: RunDocument, name: string): object {
  return { path: nameOf(recipe.name), name: nameOf(name), version: nameOf(recipe.version) };
}

function measurementStep(measured: DocumentMeasurement, ids: Ids): object {
  const { value, outcome, limits, at } = measured;
  const place = at
    ?.map(({ name, value: of, unit }) => `${name} ${of}${unit === null ? '' : ` ${unit}`}`)
    .join(', ');
  const name = nameOf(place === undefined ? measured.name : `${measured.name} @ ${place}`);
  const status = WSJF_RESULTS[outcome];
  const report = limits === '' ? {} : { reportText: `limits: ${limits}` };
  switch (typeof value) {
    case 'number':
      return {
        ...stepHead(ids, 'ET_NLT', name, outcome, null),
        ...report,
        numericMeas: [{ ...comparison(measured), name: null, status, unit: measured.unit ?? '', value }],
      };
    case 'boolean':
      return {
        ...stepHead(ids, 'ET_PFT', name, outcome, null),
        reportText: `value: ${value}${limits === '' ? '' : `; limits: ${limits}`}`,
        booleanMeas: [{ name: null, status }],
      };
    default: {
      const { equals } = readLimits(measured);
      return {
        ...stepHead(ids, 'ET_SVT', name, outcome, null),
        ...report,
        stringMeas: [
          {
            compOp: equals === undefined ? 'LOG' : 'CASESENSIT',
            name: null,
            status,
            value: value ?? '',
            limit: equals === undefined ? null : String(equals),
          },
        ],
      };
    }
  }
}

/** One limit alone is `lowLimit`, also an upper one: the operator says which it is. */
function comparison(measured: DocumentMeasurement): object {
  const { low, high, equals } = readLimits(measured);
  if (low !== null && high !== null) {
    return {
      compOp: `${low.exclusive ? 'GT' : 'GE'}${high.exclusive ? 'LT' : 'LE'}`,
      lowLimit: low.value,
      highLimit: high.value,
    };
  }
  if (low !== null) return { compOp: low.exclusive ? 'GT' : 'GE', lowLimit: low.value, highLimit: null };
  if (high !== null) return { compOp: high.exclusive ? 'LT' : 'LE', lowLimit: high.value, highLimit: null };
  if (typeof equals === 'number') return { compOp: 'EQ', lowLimit: equals, highLimit: null };
  return { compOp: 'LOG', lowLimit: null, highLimit: null };
}

/** WATS takes no empty names. */
function nameOf(text: string): string {
  return text === '' ? ' ' : text;
}

function seconds(ms: number): number {
  return Math.round(ms) / 1000;
}
