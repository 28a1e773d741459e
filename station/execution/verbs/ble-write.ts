import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { bleMessageBytes } from './ble-message.ts';

/** Writes to a characteristic. Faults: those of `BleConnection.write`. */
export async function bleWrite(
  step: StepOf<'ble-write'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { service, characteristic, confirm: response, answerMs: timeoutMs } = step;
  const bytes = bleMessageBytes(step, run);
  await run.ble.use(
    (connection) => connection.write(service, characteristic, bytes, { response, timeoutMs, signal }),
    signal,
  );
}
