import { Fault } from '#shared/domain/fault.ts';
import type { BindTokenView, RegistryClient } from '../../registry-sync/client/index.ts';

interface Awaited {
  readonly device: { readonly productId: string; readonly deviceName: string };
  /** The registry's clock. */
  readonly madeAtMs: number;
  readonly loginsBefore: number;
}

const CHECK_UNIT =
  'Check that the unit was in provisioning mode, that it has the test network, and that it uses the registry of this station.';
const SHARE_SCREEN =
  'The other unit has read the code of this one: let them see different screens, or give both slots the place code-screen under Instruments, so that they have turns.';

/** The fault of a unit that has not reported its token in time, with what the registry has seen meanwhile. Faults: those of the registry. */
export async function provisioningTimeout(
  registry: RegistryClient,
  { device, madeAtMs, loginsBefore }: Awaited,
  { state, refusedBy }: BindTokenView,
  withinMs: number,
  signal: AbortSignal,
): Promise<Fault> {
  const { productId, deviceName } = device;
  const fault = (what: string, seen: Record<string, string | boolean>, hint = CHECK_UNIT): Fault =>
    new Fault('provisioning-timeout', `${deviceName} ${what} within ${withinMs} ms`, {
      hint,
      details: { deviceName, ...seen, timeoutMs: withinMs },
    });
  if (state !== 'made')
    return new Fault('provisioning-timeout', `the provisioning token of ${deviceName} is ${state}`, {
      hint: 'Test again.',
      details: { deviceName },
    });
  if (refusedBy !== null && refusedBy.deviceName !== deviceName)
    return fault(
      `did not report its token, and ${refusedBy.productId}/${refusedBy.deviceName} reported it`,
      { otherDevice: refusedBy.deviceName },
      SHARE_SCREEN,
    );
  const refused = await registry.refusals(device, madeAtMs, signal);
  const refusal = refused?.refusals.find(({ detail }) => detail === 'app_bind_token');
  if (refusal !== undefined)
    return fault(`reported a token that the registry refused (${refusal.reason})`, { tokenRefused: true });
  const view = await registry.device(productId, deviceName, signal);
  if ((view?.logins ?? 0) > loginsBefore || view?.connection === 'online')
    return fault('is online and did not report its token', { seenOnline: true });
  return fault('did not log in at the registry', { seenNothing: true });
}
