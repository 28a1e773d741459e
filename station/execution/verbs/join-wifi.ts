import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { evaluate, recordMeasurements } from './evaluate.ts';
import { wifiOf } from './module-wifi.ts';

/** The module joins a network of the station, and says how well it hears it. Faults: those of `ModuleWifi.join`, `limit-exceeded`. */
export async function joinWifi(
  step: StepOf<'join-wifi'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const wifi = wifiOf(run);
  const network = await run.provisioning.network(step.network);
  const { withinMs, replaceStored } = step;
  const joined = await wifi.join(network, { withinMs, replaceStored }, signal);
  if (joined.isStored) run.note('the module stores the network; the end of the run deletes it');
  const rssi = step.rssi && run.scope.limits(step.rssi, 'wifi-rssi', true);
  const seconds = step.seconds && run.scope.limits(step.seconds, 'wifi-seconds', true);
  if (joined.rssiDbm === null && rssi !== undefined) {
    throw new Fault('device-garbled', 'the module did not say the RSSI of its network in AT+CWJAP?', {
      hint: 'Leave out the limits of rssi for this firmware.',
      details: { command: 'AT+CWJAP?' },
    });
  }
  recordMeasurements(run, [
    evaluate('wifi-seconds', joined.seconds, seconds, 's'),
    ...(joined.rssiDbm === null ? [] : [evaluate('wifi-rssi', joined.rssiDbm, rssi, 'dBm')]),
    ...(joined.address === null ? [] : [evaluate('wifi-address', joined.address, undefined)]),
  ]);
}
