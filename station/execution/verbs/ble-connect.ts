import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

const ANSWER_MS = 5000;

/** Makes a new connection and measures it. Faults: those of `BleCentral.connect` and of `BleConnection`, `limit-exceeded`. */
export async function bleConnect(
  step: StepOf<'ble-connect'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const { ble, platform, scope } = run;
  const limits = { timeoutMs: ANSWER_MS, signal };
  await ble.disconnect();
  const startedMs = platform.clock.monotonicMs();
  const { tookMs, mtu, rssiDbm } = await ble.use(async (connection) => {
    const tookMs = Math.round(platform.clock.monotonicMs() - startedMs);
    return { tookMs, mtu: await connection.mtu(limits), rssiDbm: await connection.rssi(limits) };
  }, signal);
  const mtuLimits = step.mtu && scope.limits(step.mtu, 'ble-mtu', true);
  const rssiLimits = step.rssi && scope.limits(step.rssi, 'ble-link-rssi', true);
  recordMeasurements(run, [
    evaluate('ble-connected-after', tookMs, undefined, 'ms'),
    evaluate('ble-mtu', mtu, mtuLimits, 'B'),
    evaluate('ble-link-rssi', rssiDbm, rssiLimits, 'dBm'),
  ]);
}
