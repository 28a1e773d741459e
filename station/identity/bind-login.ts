import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient } from '../registry-sync/client/index.ts';
import type { Bound, Ledger } from './ledger.ts';

export interface ObservedLogin {
  readonly registry: RegistryClient;
  readonly ledger: Ledger;
  readonly bound: Bound;
  readonly chipId: string;
  /** The run, or the return, that saw it. */
  readonly runId: string;
}

/**
 * A login proves the secret and not the unit: a copy of this ledger would prove the same secret with another unit. So
 * the registry is told which unit it was, and keeps the first. Where it does not take this one, the triple is taken
 * aside. Faults: `identity-conflict`, those of the registry.
 */
export async function bindLogin(
  { registry, ledger, bound, chipId, runId }: ObservedLogin,
  signal: AbortSignal,
): Promise<void> {
  const { productId, deviceName, unitId } = bound;
  const reply = await registry.reportLogin(productId, deviceName, chipId, signal);
  if (reply?.status !== 'conflict') return;
  const { reason, holder, code } = reply;
  const reading = { kind: 'holds', name: bound, secretMatches: true } as const;
  ledger.conflict(unitId, reading, runId, `the registry: ${reason}`);
  throw new Fault('identity-conflict', `the registry does not let ${deviceName} be this unit's: ${reason}`, {
    hint: 'Put the unit aside and take it to support.',
    details: { deviceName, because: 'bound-elsewhere', chipId, holder, code },
  });
}

/** The same where the device's own word is enough: a registry that is away, or will not talk, takes nothing from it. */
export async function bindLoginIfReachable(seen: ObservedLogin, signal: AbortSignal): Promise<void> {
  try {
    await bindLogin(seen, signal);
  } catch (error) {
    const away = error instanceof Fault && ['registry-unreachable', 'registry-refused'].includes(error.code);
    if (!away) throw error;
  }
}
