import { Fault, throwIfAborted } from '#shared/domain/fault.ts';
import type { StepOf } from '#shared/recipe/index.ts';
import { bindLogin, bindLoginIfReachable } from '../../identity/index.ts';
import type { RunContext } from '../run-context/index.ts';
import { registryNotConfigured } from '../../registry-sync/client/index.ts';

const POLL_MS = 100;
const CONFIRM_TIMEOUT_MS = 10_000;

/**
 * The unit logs in to the cloud with its triple, which proves the whole secret. Where the recipe allows it, an unreachable
 * registry lowers the recorded proof and does not fail the unit.
 */
export async function proveOnline(
  step: StepOf<'prove-online'>,
  run: RunContext,
  signal: AbortSignal,
): Promise<void> {
  if (run.bound === null)
    throw new Fault('recipe-invalid', 'prove-online needs a burn-triple step before it');
  const tolerant = step.confirm === 'registry-if-reachable';
  try {
    await run.device.goOnline(signal);
  } catch (error) {
    if (!(error instanceof Fault) || error.code !== 'not-online') throw error;
    const unreachable = await registryFault(run, signal);
    if (unreachable === null) throw error;
    if (!tolerant) throw unreachable;
    run.measure({ name: 'online', value: 'none', unit: null, limits: '', outcome: 'PASS' });
    return;
  }
  let confirmedBy: 'device' | 'registry' = 'device';
  if (step.confirm !== 'device') {
    try {
      await awaitLogin(run, signal);
      await reportLogin(run, bindLogin, signal);
      confirmedBy = 'registry';
    } catch (error) {
      const away =
        error instanceof Fault && (error.code === 'registry-unreachable' || error.code === 'not-configured');
      if (!away || !tolerant) throw error;
    }
  } else {
    await reportLogin(run, bindLoginIfReachable, signal);
  }
  run.setProof({ online: confirmedBy });
  run.measure({ name: 'online', value: confirmedBy, unit: null, limits: '', outcome: 'PASS' });
}

/** Reports to the registry which unit logged in. Faults: those of `bindLogin`. */
async function reportLogin(
  run: RunContext,
  bind: typeof bindLogin | typeof bindLoginIfReachable,
  signal: AbortSignal,
): Promise<void> {
  const { registry, ledger, bound, unit, runId, reportsLogins } = run;
  if (registry === null || bound === null || unit === null || !reportsLogins) return;
  try {
    await bind({ registry, ledger, bound, chipId: unit.info.chipId, runId }, signal);
  } catch (error) {
    if (error instanceof Fault && error.code === 'identity-conflict') run.setBound(null);
    throw error;
  }
}

/** Waits until the registry has seen the login. Faults: `not-online`, `not-configured`, those of the registry. */
async function awaitLogin(run: RunContext, signal: AbortSignal): Promise<void> {
  const { registry, bound } = run;
  if (registry === null) throw registryNotConfigured();
  if (bound === null) return;
  const untilMs = run.platform.clock.monotonicMs() + CONFIRM_TIMEOUT_MS;
  for (;;) {
    const device = await registry.device(bound.productId, bound.deviceName, signal);
    if (device?.connection === 'online') return;
    if (run.platform.clock.monotonicMs() > untilMs) {
      throw new Fault(
        'not-online',
        `${bound.deviceName} says it is logged in, but the registry does not see it`,
        {
          hint: 'Check that device and station use the same registry.',
          details: { deviceName: bound.deviceName },
        },
      );
    }
    await run.platform.clock.sleep(POLL_MS, signal);
  }
}

/** The fault of the connection to the registry; `null` when it can be reached, so that the unit is at fault. */
async function registryFault(run: RunContext, signal: AbortSignal): Promise<Fault | null> {
  if (run.registry === null) return registryNotConfigured();
  try {
    await run.registry.health(signal);
    return null;
  } catch (error) {
    throwIfAborted(signal);
    return error instanceof Fault && error.code === 'registry-unreachable' ? error : null;
  }
}
