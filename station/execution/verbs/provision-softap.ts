import { Fault } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { wifiOf } from './module-wifi.ts';
import { giveByApp, noteLog, provisioningLimit, udpPathOf } from './provision-module.ts';

/**
 * The module opens an access point, takes network and token there, joins, logs in and reports the token. Faults: those of
 * `ModuleWifi`, `giveByApp`, `DeviceSession.goOnline` and `ProvisioningTask.awaitReported`.
 */
export async function provisionSoftap(
  step: StepOf<'provision-softap'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  const wifi = wifiOf(run);
  const path = udpPathOf(run, step.at);
  const { replaceStored } = step;
  const task = await run.provisioning.start(signal);
  const { ssid, password } = await run.provisioning.network(step.network);
  const given = { kind: 'network', ssid, password, token: task.token } as const;
  const accessPoint = { ...(await accessPointOf(step, run)), channel: step.channel };
  using limit = provisioningLimit(run, step.withinMs, signal);
  await wifi.startProvisioning({ way: 'soft-ap', accessPoint }, { replaceStored }, limit.signal);
  try {
    await giveByApp(run, path, given, limit.signal);
    await wifi.awaitVerdict(limit.signal);
  } catch (error) {
    if (error instanceof Fault && error.code === 'provisioning-refused')
      await noteLog(run, path.replace(/:\d+$/, `:${step.logPort}`), given, limit.signal);
    throw error;
  }
  await run.device.goOnline(limit.signal);
  await task.awaitReported(limit.leftMs(), signal);
}

/** Name and password of the access point that the module opens. */
async function accessPointOf(
  { accessPoint }: StepOf<'provision-softap'>,
  { provisioning, scope }: RunContext,
): Promise<{ readonly ssid: string; readonly password: string | null }> {
  if (accessPoint === undefined) return { ssid: scope.text('GONGWEI-{macTail}'), password: null };
  const { ssid, password } = await provisioning.network(accessPoint);
  return { ssid, password: password === '' ? null : password };
}
