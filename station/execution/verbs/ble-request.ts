import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { compilePattern } from '#shared/pattern/index.ts';
import { gattRequest } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { bleMessageBytes } from './ble-message.ts';
import { recordMeasurements } from './evaluate.ts';
import { captureVariables, extractMeasurements, resolveTemplates } from './extract.ts';

/** Writes bytes, awaits one notification, and takes variables and measurements out of its bytes in hex. */
export async function bleRequest(
  step: StepOf<'ble-request'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const bytes = bleMessageBytes(step, run);
  const [answer] = await run.ble.use(
    (connection) => gattRequest(step, connection, bytes, run.platform.clock, signal),
    signal,
  );
  const hex = Buffer.from(answer).toString('hex').toUpperCase();
  if (step.expect === undefined) return;
  const pattern = run.scope.pattern(step.expect);
  const match = compilePattern(pattern, { ignoreCase: true }).first(hex);
  if (match === null) {
    throw new Fault('limit-exceeded', `${step.write}: the unit notified ${hex}, not /${pattern}/`, {
      hint: 'Try once more; when it stays so, the unit is faulty.',
      details: { measurement: step.notify, value: hex, limits: `~ /${pattern}/` },
    });
  }
  captureVariables(step.capture, [match], run, step.write);
  recordMeasurements(run, extractMeasurements([match], resolveTemplates(step.measure, run), step.write));
}
