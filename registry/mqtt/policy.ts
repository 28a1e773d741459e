import type { RefusalReason } from '#shared/domain/mqtt-refusal.ts';
import type { Client } from 'aedes';
import type { Vault } from '../vault.ts';
import type { Store } from '../store/index.ts';
import { checkLogin } from './login.ts';
import type { Session } from './sessions.ts';

/** Longest keep-alive the cloud allows. Source: Tencent's public page of IoT Hub, device access by MQTT (634/32546). */
export const MAX_KEEPALIVE_S = 900;

/** Parts of a CONNECT packet that aedes does not pass to `authenticate`. */
export interface ConnectTraits {
  readonly hasWill: boolean;
  readonly keepaliveS: number;
}

export type Authentication =
  | {
      readonly ok: true;
      readonly device: { readonly id: number; readonly productId: string; readonly deviceName: string };
    }
  /** `reason` is only logged: an unknown device and a wrong secret get the same reply. */
  | {
      readonly ok: false;
      readonly returnCode: 4 | 5;
      readonly reason: RefusalReason;
      readonly isGuess: boolean;
    };

/** Checks the login of a client. */
export function authenticateDevice(
  store: Store,
  vault: Vault,
  client: Pick<Client, 'id'>,
  credentials: {
    readonly username: string | undefined;
    readonly password: Uint8Array | undefined;
    /** The identity that the TLS handshake has proven by a pre-shared key. */
    readonly pskIdentity: string | null;
  },
  traits: ConnectTraits,
  nowMs: number,
): Authentication {
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
    pskIdentity: credentials.pskIdentity,
  };
  const result = checkLogin(attempt, subject, nowMs);
  if (device === null || !result.ok) {
    const { returnCode, reason } = result.ok ? WRONG : result;
    const isUnknown = device === null && reason === 'password-wrong';
    return {
      ok: false,
      returnCode,
      reason: isUnknown ? 'device-unknown' : reason,
      // Only this reply would help to guess a secret.
      isGuess: reason === 'password-wrong',
    };
  }
  if (traits.hasWill) return { ok: false, returnCode: 5, reason: 'will', isGuess: false };
  if (traits.keepaliveS > MAX_KEEPALIVE_S)
    return { ok: false, returnCode: 5, reason: 'keep-alive', isGuess: false };
  return { ok: true, device };
}

const WRONG = { returnCode: 4, reason: 'password-wrong' } as const;

/** The reason why a device may not publish a packet; null when it may. */
export function publishRefusal(
  session: Session,
  packet: { readonly topic: string; readonly qos: number; readonly retain: boolean },
): RefusalReason | null {
  if (!session.topics.up.has(packet.topic)) return 'topic-foreign';
  if (packet.qos > 1) return 'qos-2';
  return packet.retain ? 'retained' : null;
}

/** The reason why a device may not subscribe to a topic; null for its own exact topics. */
export function subscribeRefusal(session: Session, topic: string, qos: number): RefusalReason | null {
  if (!session.topics.down.has(topic)) return 'topic-foreign';
  return qos > 1 ? 'qos-2' : null;
}
