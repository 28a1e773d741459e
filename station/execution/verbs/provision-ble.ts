import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { BLE_PROVISIONING, type ProvisioningReport } from '../../devices/protocols/index.ts';
import type { RunContext } from '../run-context/index.ts';

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
  const { answerMs, joinMs } = step;
  const deviceName = run.bound?.deviceName ?? null;
  const { clock } = run.platform;
  const { mask } = run.io;
  for (let links = 1; ; links++) {
    try {
      const report = await run.ble.use(
        (connection) =>
          provision({ connection, clock, mask }, given, { deviceName, answerMs, joinMs }, signal),
        signal,
      );
      noteReport(report, run);
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

function noteReport({ stages }: ProvisioningReport, run: RunContext): void {
  for (const { stage, said } of stages) run.note(`provisioning, ${stage}: ${said}`);
}
