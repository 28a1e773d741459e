import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { BLE_PROVISIONING, type ProvisioningReport } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';

/** A unit whose connection breaks before it has the token is connected to this often. */
const MAX_LINKS = 3;

/** Gives the unit a network and the token of the run over Bluetooth, and waits until the registry has the token. */
export async function provisionBle(
  step: StepOf<'provision-ble'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const task = await run.provisioning.start(signal);
  const { ssid, password } = await run.provisioning.network(step.network);
  const given = { ssid, password, token: task.token };
  const { provision } = BLE_PROVISIONING[step.method];
  const { answerMs, joinMs, blufi } = step;
  const options = { deviceName: run.bound?.deviceName ?? null, answerMs, joinMs, blufi };
  const { clock } = run.platform;
  const { mask } = run.io;
  const remember = (key: string, read: () => string): string => run.io.input('provisioning', key, read);
  for (let links = 1; ; links++) {
    try {
      const report = await run.ble.use(
        (connection) => provision({ connection, clock, mask, remember }, given, options, signal),
        signal,
      );
      record(report, step, run);
      break;
    } catch (error) {
      // Until the token is written a unit keeps nothing of it, and each stage can be repeated.
      if (!(error instanceof Fault && error.code === 'ble-lost') || links === MAX_LINKS) throw error;
      run.note(`${error.message}; the station connects again`);
    }
  }
  // The unit may need its radio for Wi-Fi, and some advertise only without a connection.
  await run.ble.disconnect();
  await task.awaitReported(step.withinMs, signal);
}

/** Faults: `limit-exceeded` for a weak network. */
function record(
  { stages, rssiDbm = null }: ProvisioningReport,
  { blufi }: StepOf<'provision-ble'>,
  run: RunContext,
): void {
  for (const { stage, said } of stages) run.note(`provisioning, ${stage}: ${said}`);
  if (rssiDbm === null) return;
  const limits = blufi?.rssi && run.scope.limits(blufi.rssi, 'wifi-rssi', true);
  recordMeasurements(run, [evaluate('wifi-rssi', rssiDbm, limits, 'dBm')]);
}
