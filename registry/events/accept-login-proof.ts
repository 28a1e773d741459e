import { type LoginProofReply, loginKey } from '#shared/registry-api/index.ts';
import { type Caller, may } from '../stations/index.ts';
import { checkBinding } from './check-binding.ts';
import type { EventContext } from './event-context.ts';
import { Rejection } from './rejection.ts';

export interface LoginProof {
  readonly productId: string;
  readonly deviceName: string;
  readonly chipId: string;
  /** That the station has the secret of a triple that was leased to nobody, under `loginKey`. */
  readonly secretProof?: string | undefined;
}

/**
 * Binds an identity to the unit from which it logged in, before its run is told: two stations that work from two copies
 * of one ledger are told apart here, while both units are still on their slots. One durable transaction.
 *
 * What the unit held before is not asked: the message that it was retired may still be on its way.
 */
export function acceptLoginProof(
  { store, vault, now }: Pick<EventContext, 'store' | 'vault'> & { readonly now: () => number },
  { station, rights }: Pick<Caller, 'station' | 'rights'>,
  { productId, deviceName, chipId, secretProof }: LoginProof,
): LoginProofReply {
  return store.write((): LoginProofReply => {
    const device = store.devices.facts(productId, deviceName);
    const logins = store.devices.view(productId, deviceName)?.logins ?? 0;
    if (device === null || logins === 0) return { status: 'unseen' };
    try {
      const identity = { productId, deviceName, state: 'burned', proof: PROOF } as const;
      checkBinding(
        { store, vault, station, hasDeskRight: may({ rights }, 'desk'), assumesUnique: true },
        {
          key: loginKey(chipId),
          atMs: now(),
          secretProof,
          payload: { identity, chipId, serialNumber: null },
        },
      );
    } catch (error) {
      if (!(error instanceof Rejection)) throw error;
      const holder = device.state === 'bound' ? device.chipId : store.loginProofs.chipOf(device.id);
      const { code, message } = error;
      return { status: 'conflict', code, reason: message, holder: holder === chipId ? null : holder };
    }
    if (store.loginProofs.chipOf(device.id) === null)
      store.loginProofs.keep(device.id, chipId, station, now());
    return { status: 'bound' };
  });
}

/** What a run would say; who may hold an identity does not depend on it. */
const PROOF = { readBack: 'none', online: 'registry' } as const;
