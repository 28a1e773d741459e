import { ledgerNote } from '#shared/domain/ledger-note.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { RegistryClient } from '../registry-sync/client/index.ts';
import type { BoundTriple, Ledger } from './ledger.ts';

export interface ObservedLogin {
  readonly registry: RegistryClient;
  readonly ledger: Ledger;
  readonly bound: BoundTriple;
  readonly chipId: string;
  /** The run, or the return. */
  readonly runId: string;
}

/**
 * Reports from which unit an identity logged in; the registry stores the first report. A login proves the secret and not
 * the unit: a copy of this ledger could have given the same triple to another unit. A triple that the registry has from
 * another unit is quarantined. Faults: `identity-conflict`, those of `RegistryClient`.
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
  ledger.conflict(unitId, reading, runId, ledgerNote('registry', { reason }));
  throw new Fault(
    'identity-conflict',
    `the registry does not accept ${deviceName} for this unit: ${reason}`,
    {
      hint: 'Put the unit aside and take it to support.',
      details: { deviceName, because: 'bound-elsewhere', chipId, holder, code },
    },
  );
}

/** Like `bindLogin`, where the device's own login is proof enough: an unreachable or refusing registry is ignored. */
export async function bindLoginIfReachable(login: ObservedLogin, signal: AbortSignal): Promise<void> {
  try {
    await bindLogin(login, signal);
  } catch (error) {
    const isOptional =
      error instanceof Fault && ['registry-unreachable', 'registry-refused'].includes(error.code);
    if (!isOptional) throw error;
  }
}
