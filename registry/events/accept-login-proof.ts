import { type LoginProofReply, loginKey } from '#shared/registry-api/index.ts';
import { type Caller, hasRight } from '../stations/index.ts';
import { checkBinding } from './check-binding.ts';
import { type EventContext, Rejection } from './event-context.ts';

export interface LoginProof {
  readonly productId: string;
  readonly deviceName: string;
  readonly chipId: string;
  /** Proves under `loginKey` that the station has the secret of a triple without a lease. */
  readonly secretProof?: string | undefined;
}

/**
 * Stores from which unit an identity logged in, before the run is reported. Of two stations with copies of one ledger, the
 * second gets a conflict while its unit is still on the slot. One durable transaction.
 *
 * The former identity of the unit is not checked, because the event of its retirement may arrive later.
 */
export function acceptLoginProof(
  { store, vault, nowMs }: Pick<EventContext, 'store' | 'vault'> & { readonly nowMs: () => number },
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
        { store, vault, station, mayChangeOtherStations: hasRight({ rights }, 'desk'), assumesUnique: true },
        {
          key: loginKey(chipId),
          atMs: nowMs(),
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
      store.loginProofs.insert(device.id, chipId, station, nowMs());
    return { status: 'bound' };
  });
}

/** The check of a binding does not depend on the proof. */
const PROOF = { readBack: 'none', online: 'registry' } as const;
