import { createHash } from 'node:crypto';
import { visibleJson } from '#shared/codec/visible-text.ts';
import type { Outcome } from '#shared/domain/outcome.ts';
import { readLimits } from '../read-limits.ts';
import {
  type DocumentAttachment,
  type DocumentFailure,
  type DocumentMeasurement,
  type DocumentStep,
  lastAttempts,
  type RunDocument,
  stepPathOf,
} from '../run-document.ts';
import { unitDescriptor } from './units.ts';

/** Code of the program, which OpenHTF records when it is told to; a recipe has none. */
const NO_CODE = { name: '', docstring: null, sourcecode: '' };

/**
 * A run as `openhtf.output.callbacks.json_factory` writes a TestRecord. A phase of OpenHTF is a step here, named
 * `phase/step`. What a TestRecord has no field for is in `metadata.gongwei`.
 */
export function encodeOpenHtf(run: RunDocument): string {
  const deciding = lastAttempts(run.steps);
  const descriptors = new Map<string, number>();
  const phases = run.steps.map((step) => {
    const name = stepPathOf(step);
    const descriptor = descriptors.get(name) ?? descriptors.size + 1;
    descriptors.set(name, descriptor);
    return phaseRecord(step, descriptor, deciding.has(step), attachmentsOf(step, run.attachments));
  });
  return `${visibleJson({
    dut_id: run.serialNumber ?? run.unitId?.text ?? null,
    start_time_millis: run.startedAtMs,
    end_time_millis: run.finishedAtMs,
    outcome: run.outcome,
    outcome_details: run.failure === null ? [] : [detailOf(run.failure)],
    marginal: run.outcome === 'PASS' && phases.some(({ marginal }) => marginal),
    metadata: metadataOf(run),
    phases,
    subtests: [],
    branches: [],
    checkpoints: [],
    diagnosers: [],
    diagnoses: [],
    log_records: [],
    station_id: run.station,
    code_info: NO_CODE,
  })}\n`;
}

function detailOf({ code, phase, step, message }: DocumentFailure): object {
  return { code, description: `${stepPathOf({ phase, step })}: ${message}` };
}

function metadataOf(run: RunDocument): object {
  const { recipe } = run;
  return {
    test_name: recipe.name,
    test_version: recipe.version,
    operator: run.operator,
    config: {},
    gongwei: {
      run: run.runId,
      batch: run.batchId,
      batchName: run.batch,
      slot: run.slot,
      serialNumber: run.serialNumber,
      unitId: run.unitId,
      productId: run.productId,
      deviceName: run.deviceName,
      proof: run.proof,
      appVersion: run.appVersion,
      firmwareSha256: run.firmwareSha256,
      recipeHash: recipe.hash,
      firstFailure: run.failure,
      // One for each phase, in the same order.
      steps: run.steps.map(({ phase, step, attempt, outcome, startedAtMs, ms, failure, measurements }) => ({
        phase,
        step,
        attempt,
        outcome,
        startedAtMs,
        ms,
        failure,
        measurements,
      })),
      // All of them; a run without any has no such key.
      ...(run.attachments === undefined
        ? {}
        : {
            attachments: run.attachments.map(({ step: { phase, step, attempt }, ...attachment }) => {
              const content = placeOf(attachment);
              return { phase, step, attempt, ...attachment, content };
            }),
          }),
    },
  };
}

/** Whether an attachment is in its phase, or why it is not. */
function placeOf({ content }: Pick<DocumentAttachment, 'content'>): string {
  return typeof content === 'string' ? content : 'embedded';
}

/** The attachments of a phase whose bytes are known, as `inline_attachments` of OpenHTF writes them. */
function attachmentsOf(step: DocumentStep, attachments: RunDocument['attachments'] = []): Encoded {
  // A null prototype, because a file may be named `__proto__`.
  const named = Object.create(null) as Encoded;
  for (const { step: of, name, mediaType, content } of attachments) {
    if (typeof content === 'string' || !isSameAttempt(of, step)) continue;
    const sha1 = createHash('sha1').update(content).digest('hex');
    named[name] = { data: Buffer.from(content).toString('base64'), mimetype: mediaType, sha1 };
  }
  return named;
}

function isSameAttempt(of: DocumentAttachment['step'], { phase, step, attempt }: DocumentStep): boolean {
  return of.phase === phase && of.step === step && of.attempt === attempt;
}

function phaseRecord(step: DocumentStep, descriptor: number, isLast: boolean, attachments: Encoded) {
  const measurements = measurementsOf(step.measurements);
  return {
    measurements,
    options: { name: stepPathOf(step) },
    diagnosers: [],
    subtest_name: null,
    start_time_millis: step.startedAtMs,
    end_time_millis: Math.round(step.startedAtMs + step.ms),
    attachments,
    diagnosis_results: [],
    failure_diagnosis_results: [],
    result: resultOf(step, isLast),
    outcome: isLast ? PHASE_OUTCOMES[step.outcome] : 'SKIP',
    marginal: step.measurements.some(({ marginal }) => marginal),
    descriptor_id: descriptor,
    name: stepPathOf(step),
    codeinfo: NO_CODE,
  };
}

/** OpenHTF has one outcome for all phases that did not come to their end. */
const PHASE_OUTCOMES: Readonly<Record<Outcome, 'PASS' | 'FAIL' | 'ERROR'>> = {
  PASS: 'PASS',
  FAIL: 'FAIL',
  ERROR: 'ERROR',
  TIMEOUT: 'ERROR',
  ABORTED: 'ERROR',
};

/** An attempt that another one follows is a phase that was repeated; a phase that ran out of time has no result. */
function resultOf({ outcome, failure }: DocumentStep, isLast: boolean): object {
  if (!isLast) return { phase_result: 'REPEAT' };
  switch (outcome) {
    case 'PASS':
      return { phase_result: 'CONTINUE' };
    case 'FAIL':
      return { phase_result: 'FAIL_AND_CONTINUE' };
    case 'TIMEOUT':
      return { phase_result: null };
    case 'ERROR':
      return {
        phase_result: { exc_type: failure?.code ?? 'error', exc_val: failure?.message ?? '', exc_tb: '' },
      };
    case 'ABORTED':
      return { phase_result: { message: failure?.message ?? 'aborted' } };
  }
}

type Encoded = Record<string, unknown>;

/** The measurements by name. Points of a curve are one measurement with dimensions; other equal names are numbered. */
function measurementsOf(measured: readonly DocumentMeasurement[]): Record<string, Encoded> {
  const groups = new Map<string, [DocumentMeasurement, ...DocumentMeasurement[]]>();
  for (const one of measured) {
    const curve = one.at === null ? null : groups.get(one.name);
    if (curve !== undefined && curve !== null && isSameCurve(curve[0], one)) curve.push(one);
    else groups.set(freeName(one.name, groups), [one]);
  }
  // A null prototype, because a measurement may be named `__proto__`.
  const named = Object.create(null) as Record<string, Encoded>;
  for (const [name, group] of groups) named[name] = encodeMeasurement(name, group);
  return named;
}

function isSameCurve(a: DocumentMeasurement, b: DocumentMeasurement): boolean {
  return axesOf(a) === axesOf(b) && a.unit === b.unit;
}

function axesOf({ at }: DocumentMeasurement): string {
  return JSON.stringify(at?.map(({ name, unit }) => [name, unit]) ?? null);
}

function freeName(name: string, taken: ReadonlyMap<string, unknown>): string {
  let free = name;
  for (let n = 2; taken.has(free); n += 1) free = `${name} (${n})`;
  return free;
}

function encodeMeasurement(
  name: string,
  group: readonly [DocumentMeasurement, ...DocumentMeasurement[]],
): Encoded {
  const [first] = group;
  const { at, unit } = first;
  const validators = validatorsOf(first);
  const value =
    at === null ? first.value : group.map((point) => [...(point.at ?? []).map((p) => p.value), point.value]);
  return {
    name,
    outcome: group.every(({ outcome }) => outcome === 'PASS') ? 'PASS' : 'FAIL',
    ...(validators.length === 0 ? {} : { validators }),
    ...(at === null
      ? {}
      : {
          dimensions: at.map((axis) => ({
            code: axis.unit === null ? null : unitDescriptor(axis.unit).code,
            name: axis.name,
            suffix: axis.unit,
          })),
        }),
    ...(unit === null || unit === '' ? {} : { units: unitDescriptor(unit) }),
    ...(first.limits === '' ? {} : { docstring: `limits: ${first.limits}` }),
    ...(value === null ? {} : { measured_value: value }),
    ...(group.some(({ marginal }) => marginal) ? { marginal: true } : {}),
  };
}

/** The limits as OpenHTF writes its validators: `1 <= x <= 4`, `'x' matches /^OK/`. */
function validatorsOf(measured: DocumentMeasurement): string[] {
  const { low, high, equals, pattern } = readLimits(measured);
  const lower = low === null ? '' : `${low.value} ${low.exclusive ? '<' : '<='} `;
  const upper = high === null ? '' : ` ${high.exclusive ? '<' : '<='} ${high.value}`;
  return [
    ...(low === null && high === null ? [] : [`${lower}x${upper}`]),
    ...(equals === undefined
      ? []
      : [typeof equals === 'string' ? `'x' is equal to '${equals}'` : `x == ${equals}`]),
    ...(pattern === null ? [] : [`'x' matches /${pattern}/`]),
  ];
}
