import { compilePattern } from '#shared/pattern/index.ts';
import { type StepOf, stepName } from '#shared/recipe/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { gattNotification } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { decodeBleValue } from './ble-value.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { captureVariables, extractMeasurements, resolveTemplates } from './extract.ts';

/**
 * Awaits a notification of a characteristic, and takes its value, variables and measurements out of it. Faults:
 * `device-silent`, `limit-exceeded` when only others came, `device-garbled`, those of `BleConnection`.
 */
export async function bleNotified(
  step: StepOf<'ble-notified'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { service, notify, withinMs: timeoutMs, as } = step;
  const pattern = step.expect === undefined ? null : run.scope.pattern(step.expect);
  const compiled = pattern === null ? null : compilePattern(pattern, { ignoreCase: true });
  let others = 0;
  let last = '';
  const isWanted = (value: Uint8Array): boolean => {
    if (compiled === null) return true;
    const hex = hexOf(value);
    if (compiled.test(hex)) return true;
    others += 1;
    last = hex;
    return false;
  };
  const bytes = await run.ble.use(
    (connection) =>
      gattNotification({ service, notify, timeoutMs, isWanted }, connection, run.platform.clock, signal),
    signal,
  );
  if (bytes === null) {
    throw new Fault(
      'limit-exceeded',
      `${notify}: ${others} notifications, the last ${last}, none /${pattern}/`,
      {
        hint: 'Try once more; when it stays so, the unit is faulty.',
        details: { measurement: notify, value: last, limits: `~ /${pattern}/` },
      },
    );
  }
  const match = compiled?.first(hexOf(bytes)) ?? null;
  if (match !== null) captureVariables(step.capture, [match], run, notify);
  const name = stepName(step);
  const limits = step.limits && run.scope.limits(step.limits, name, as !== 'text' && as !== 'hex');
  recordMeasurements(run, [
    ...(as === undefined
      ? []
      : [
          evaluate(
            name,
            decodeBleValue(bytes, { ...step, as }, `${service}/${notify}`),
            limits,
            step.unit ?? null,
          ),
        ]),
    ...(match === null ? [] : extractMeasurements([match], resolveTemplates(step.measure, run), notify)),
  ]);
}

function hexOf(value: Uint8Array): string {
  return Buffer.from(value).toString('hex').toUpperCase();
}
