import { type DeviceCode, encodeDeviceQr } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import { decodeLabelText, plainAnswer, unitNameCandidates } from '#shared/domain/scan/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

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
  recordMeasurements(run, [evaluate('label', value, { equals: wanted })]);
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

/** The content of the unit's label. Faults: `recipe-invalid` before the unit has an identity. */
export function deviceCode(run: RunContext): DeviceCode {
  if (run.bound === null || run.unit === null)
    throw new Fault('recipe-invalid', 'a label needs a burn-triple step before it');
  return {
    productId: run.bound.productId,
    deviceName: run.bound.deviceName,
    ...(run.serialNumber === null ? {} : { serialNumber: run.serialNumber }),
    chipId: run.unit.info.chipId,
  };
}
