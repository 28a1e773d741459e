import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { wifiOf } from './module-wifi.ts';
import { giveByApp, provisioningLimit, udpPathOf } from './provision-module.ts';

const PORT = 8266;

/**
 * The module takes its network from a sender of SmartConfig, its token over UDP, logs in and reports the token. Faults: those of
 * `ModuleWifi`, `giveByApp`, `DeviceSession.goOnline` and `ProvisioningTask.awaitReported`; `provisioning-refused` when the sender has
 * given another network.
 */
export async function provisionSmartconfig(
  step: StepOf<'provision-smartconfig'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const wifi = wifiOf(run);
  const { replaceStored } = step;
  const task = await run.provisioning.start(signal);
  const { ssid } = await run.provisioning.network(step.network);
  using limit = provisioningLimit(run, step.withinMs, signal);
  await wifi.startProvisioning({ way: 'smart-config' }, { replaceStored }, limit.signal);
  await wifi.awaitVerdict(limit.signal);
  const joined = await wifi.readJoined(limit.signal);
  // What the module says is masked.
  if (joined.ssid !== null && joined.ssid !== run.io.mask.maskText(ssid)) {
    throw new Fault('provisioning-refused', 'the module has joined another network than the recipe names', {
      hint: 'Give the sender of SmartConfig the network that the recipe names.',
      details: { stage: 'join', received: joined.ssid },
    });
  }
  const path = step.at === undefined ? `udp://${addressOf(joined.address)}:${PORT}` : udpPathOf(run, step.at);
  await giveByApp(run, path, { kind: 'token', token: task.token }, limit.signal);
  await run.device.goOnline(limit.signal);
  await task.awaitReported(limit.leftMs(), signal);
}

function addressOf(address: string | null): string {
  if (address !== null) return address;
  throw new Fault('device-garbled', 'the module did not say its address in AT+CIPSTA?', {
    hint: 'Write the address of the module as at: host:port in the step.',
    details: { command: 'AT+CIPSTA?' },
  });
}
