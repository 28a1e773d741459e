import type { Client } from 'aedes';
import type { Vault } from '../secrets/index.ts';
import type { Store } from '../store/index.ts';
import { judgeLogin, type LoginRefusal } from './login.ts';
import type { Session } from './sessions.ts';

/** Longest keep-alive the cloud allows. Source: document 002, MQTT connection. */
export const MAX_KEEPALIVE_S = 900;

/** What a CONNECT asked for beside the login; the broker forgets it before it asks for the verdict. */
export interface ConnectTraits {
  readonly hasWill: boolean;
  readonly keepaliveS: number;
}

export type Admission =
  | {
      readonly ok: true;
      readonly device: { readonly id: number; readonly productId: string; readonly deviceName: string };
    }
  | { readonly ok: false; readonly returnCode: 4 | 5; readonly reason: LoginRefusal | 'will' | 'keepalive' };

/** May this client come in? */
export function admit(
  store: Store,
  vault: Vault,
  client: Pick<Client, 'id'>,
  credentials: { readonly username: string | undefined; readonly password: Uint8Array | undefined },
  traits: ConnectTraits,
  nowMs: number,
): Admission {
  const device = store.devices.factsByClientId(client.id);
  const subject =
    device === null
      ? null
      : {
          deviceSecret: vault.open(
            device.productId,
            device.deviceName,
            store.devices.sealedSecret(device.id),
          ),
          retired: device.state === 'retired',
          quarantined: device.state === 'quarantined',
        };
  const attempt = {
    clientId: client.id,
    username: credentials.username ?? null,
    password: credentials.password ?? null,
  };
  const verdict = judgeLogin(attempt, subject, nowMs);
  if (!verdict.ok) return verdict;
  if (device === null) return { ok: false, returnCode: 4, reason: 'password-wrong' };
  if (traits.hasWill) return { ok: false, returnCode: 5, reason: 'will' };
  if (traits.keepaliveS > MAX_KEEPALIVE_S) return { ok: false, returnCode: 5, reason: 'keepalive' };
  return { ok: true, device };
}

/** Why a device may not publish this; null when it may. */
export function publishRefusal(
  session: Session | null,
  packet: { readonly topic: string; readonly qos: number; readonly retain: boolean },
): string | null {
  if (session === null) return 'the session is over';
  if (!session.topics.up.has(packet.topic)) return 'the topic is not its own';
  if (packet.qos > 1) return 'QoS 2 is not served';
  return packet.retain ? 'retained messages are not served' : null;
}

/** May a device subscribe to this? Exact topics of its own, so no wildcard passes. */
export function maySubscribe(session: Session | null, topic: string, qos: number): boolean {
  return session !== null && session.topics.down.has(topic) && qos <= 1;
}
