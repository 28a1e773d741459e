import { type DeviceCode, encodeDeviceQr } from '#shared/codec/qr/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import { labelReading, plainAnswer, unitNames } from '#shared/domain/scan/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { held, judge } from './evaluate.ts';

const ASK = { 'zh-CN': '请扫描产品上的标签', en: 'Scan the label on the unit' } as const;

/** The label that is on the unit is scanned, and must say what the unit itself said. */
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
      ask: step.ask === undefined ? ASK : run.scope.words(step.ask),
      image: step.image ?? null,
      choices: [],
      unit: null,
    },
    step.answerMs,
    signal,
  );
  judge(run, [held('label', saysTheSame(answer, wanted) ? wanted : answer, { equals: wanted })]);
}

/** Whether a label says what is wanted, however the scanner gives it; a label of ours says its number, too. */
function saysTheSame(answer: string, wanted: string): boolean {
  if (answer === plainAnswer(wanted) || unitNames(answer).includes(wanted)) return true;
  const label = labelReading(answer);
  return label !== null && JSON.stringify(label) === JSON.stringify(labelReading(wanted));
}

/** The code of the unit's label. Faults: `recipe-invalid` before the unit has an identity. */
function devicePayload(run: RunContext): string {
  return encodeDeviceQr(deviceCode(run));
}

/** What the unit's label says. Faults: `recipe-invalid` before the unit has an identity. */
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
