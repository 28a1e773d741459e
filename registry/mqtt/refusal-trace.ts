import type { RefusalReason, RefusedAct } from '#shared/domain/mqtt-refusal.ts';
import type { Client } from 'aedes';
import type { RefusalLog } from '../refusal-log.ts';
import type { FailedPsk } from './psk-identities.ts';
import { ConnectionEnded, isUnknownVersion, PacketTooLong } from './connection-ended.ts';
import type { ConnectTraits } from './policy.ts';

/** Client id and traits of a CONNECT packet. */
export interface ConnectInfo extends ConnectTraits {
  readonly clientId: string;
}

export interface RefusalTraceOptions {
  readonly refusals: RefusalLog;
  /** Null when no device has this client id. */
  readonly deviceIdOf: (clientId: string) => number | null;
  readonly addressOf: (client: Client) => string;
  /** The handshake with a pre-shared key that has failed on this connection; null without one. */
  readonly failedPsk: (client: Client) => FailedPsk | null;
}

/** Records refusals with the client id and address of their connection. */
export interface RefusalTrace {
  setConnectInfo(client: Client, info: ConnectInfo): void;
  connectInfo(client: Client): ConnectInfo;
  refused(client: Client, act: RefusedAct, reason: RefusalReason, detail?: string): void;
  /** Records a connection error when the client violated the protocol; not a refused login. */
  failed(client: Client, error: Error): void;
}

const NO_CONNECT_INFO: ConnectInfo = { clientId: '', hasWill: false, keepaliveS: 0 };
/** Messages of ordinary ends of a connection, for which aedes has no codes. */
const ORDINARY_ENDS: readonly string[] = ['keep alive timeout', 'connection closed', 'drain timeout'];

export function createRefusalTrace({
  refusals,
  deviceIdOf,
  addressOf,
  failedPsk,
}: RefusalTraceOptions): RefusalTrace {
  const connectInfos = new WeakMap<Client, ConnectInfo>();

  const connectInfo = (client: Client): ConnectInfo => connectInfos.get(client) ?? NO_CONNECT_INFO;

  function refused(client: Client, act: RefusedAct, reason: RefusalReason, detail?: string): void {
    record(client, connectInfo(client).clientId, act, reason, detail);
  }

  function record(
    client: Client,
    clientId: string,
    act: RefusedAct,
    reason: RefusalReason,
    detail?: string,
  ): void {
    const deviceId = clientId === '' ? null : deviceIdOf(clientId);
    const address = addressOf(client);
    refusals.record({
      clientId,
      deviceId,
      address,
      act,
      reason,
      ...(detail === undefined ? {} : { detail }),
    });
  }

  return {
    setConnectInfo: (client, info) => void connectInfos.set(client, info),
    connectInfo,
    refused,
    failed(client, error) {
      // Errors of the system (a reset, a broken pipe) and refused logins have a code.
      if (error instanceof ConnectionEnded || 'errorCode' in error || ORDINARY_ENDS.includes(error.message))
        return;
      if (error instanceof PacketTooLong) return refused(client, 'connection', 'packet-too-long');
      if ('code' in error) {
        const { reason } = error as { readonly reason?: unknown };
        if (!String(error.code).startsWith('ERR_SSL')) return;
        const psk = failedPsk(client);
        if (psk !== null) return record(client, psk.identity, 'login', psk.reason, 'TLS-PSK');
        return refused(client, 'connection', 'no-tls', typeof reason === 'string' ? reason : '');
      }
      if (isUnknownVersion(error)) return refused(client, 'login', 'protocol-version');
      const isLate = error.message === 'connect did not arrive in time';
      refused(client, 'connection', isLate ? 'no-login-in-time' : 'not-mqtt', error.message);
    },
  };
}
