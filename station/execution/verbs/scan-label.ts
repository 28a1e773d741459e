import { type DeviceCode, encodeDeviceQr } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import { decodeLabelText, plainAnswer, unitNameCandidates } from '#shared/domain/scan/index.ts';
import { judgeLabel, verdictWords } from '../../results/printing/index.ts';
import type { Measurement, RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements, requireWithinLimits } from './evaluate.ts';

const ASK = { 'zh-CN': '请扫描产品上的标签', en: 'Scan the label on the unit' } as const;

/** Asks the operator to scan the label on the unit, and fails a label of another unit. */
export async function scanLabel(
  step: StepOf<'scan-label'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const wanted = step.equals === 'device-code' ? devicePayload(run) : run.scope.text(step.equals);
  const answer = await run.ask(
    {
      step: stepName(step),
      kind: 'scan',
      ask: step.ask === undefined ? ASK : run.scope.localizedText(step.ask),
      image: step.image ?? null,
      choices: [],
      unit: null,
    },
    step.answerMs,
    signal,
  );
  const value = isSameLabel(answer, wanted) ? wanted : answer;
  const measurement = evaluate('label', value, { equals: wanted });
  if (value !== wanted && step.equals === 'device-code') {
    run.measure(measurement);
    throw wrongLabel(run, answer) ?? outsideLimits(measurement);
  }
  recordMeasurements(run, [measurement]);
}

/** `label-wrong` that says what the label is; `null` for a text that is no label of a known unit. */
function wrongLabel(run: RunContext, answer: string): Fault | null {
  // Through the recording: a replay has other records.
  const verdict = run.io.input('label', answer, () => {
    const judged = judgeLabel(run.database, answer, run.unit?.unitId ?? null);
    if (judged.kind === 'unknown' || judged.kind === 'own') return null;
    const since = judged.kind === 'other-unit' ? null : new Date(judged.sinceMs).toISOString();
    const because = judged.kind === 'other-unit' ? null : judged.because;
    const of = (judged.kind === 'void' ? null : judged.serialNumber) ?? judged.deviceName;
    return { kind: judged.kind, of, since, because, words: verdictWords(judged).en };
  });
  if (verdict === null) return null;
  const { words, ...details } = verdict;
  return new Fault('label-wrong', words, {
    hint: 'Check the labels of the units that were labelled last.',
    details,
  });
}

function outsideLimits(measurement: Measurement): unknown {
  try {
    requireWithinLimits([measurement]);
  } catch (error) {
    return error;
  }
  return new Fault('limit-exceeded', 'the label is another one');
}

/** Compares a scan with the wanted text. Scanners change a code; a label of a station also holds the serial number. */
function isSameLabel(answer: string, wanted: string): boolean {
  if (answer === plainAnswer(wanted) || unitNameCandidates(answer).includes(wanted)) return true;
  const label = decodeLabelText(answer);
  return label !== null && JSON.stringify(label) === JSON.stringify(decodeLabelText(wanted));
}

/** The code of the unit's label. Faults: `recipe-invalid` before the unit has an identity. */
function devicePayload(run: RunContext): string {
  return encodeDeviceQr(deviceCode(run));
}

/**
 * The content of the unit's label: the identity that was read from the unit in this run, never one that was only meant to be
 * written. Faults: `recipe-invalid` before that.
 */
export function deviceCode(run: RunContext): DeviceCode {
  const { heldTriple } = run;
  if (heldTriple === null || run.unit === null)
    throw new Fault(
      'recipe-invalid',
      'a label needs a burn-triple step before it that read the identity back',
    );
  return {
    productId: heldTriple.productId,
    deviceName: heldTriple.deviceName,
    ...(run.serialNumber === null ? {} : { serialNumber: run.serialNumber }),
    chipId: run.unit.info.chipId,
  };
}
