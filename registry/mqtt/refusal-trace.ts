import type { RefusalReason, RefusedAct } from '#shared/domain/refusal.ts';
import type { Client } from 'aedes';
import type { RefusalLog } from '../refusals/index.ts';
import { ConnectionEnded, isUnknownVersion, PacketTooLong } from './connection-ended.ts';
import type { ConnectTraits } from './policy.ts';

/** What a CONNECT said, which the broker forgets before it asks for the verdict. */
export interface ConnectInfo extends ConnectTraits {
  readonly clientId: string;
}

export interface RefusalTraceParts {
  readonly refusals: RefusalLog;
  /** Null when no device has this client id. */
  readonly deviceIdOf: (clientId: string) => number | null;
  readonly addressOf: (client: Client) => string;
}

/** Knows who is at a connection, so that whatever is refused there leaves a trace of who and why. */
export interface RefusalTrace {
  introduce(client: Client, introduction: ConnectInfo): void;
  introduced(client: Client): ConnectInfo;
  refused(client: Client, act: RefusedAct, reason: RefusalReason, detail?: string): void;
  /** A connection that ended with an error: told when the peer broke a rule, and not when its login was refused. */
  broken(client: Client, error: Error): void;
}

const NOBODY: ConnectInfo = { clientId: '', hasWill: false, keepaliveS: 0 };
/** Ends of a connection that are nobody's breach: the library has no codes for them. */
const ORDINARY_ENDS: readonly string[] = ['keep alive timeout', 'connection closed', 'drain timeout'];

export function createRefusalTrace({ refusals, deviceIdOf, addressOf }: RefusalTraceParts): RefusalTrace {
  const introductions = new WeakMap<Client, ConnectInfo>();

  const introduced = (client: Client): ConnectInfo => introductions.get(client) ?? NOBODY;

  function refused(client: Client, act: RefusedAct, reason: RefusalReason, detail?: string): void {
    const { clientId } = introduced(client);
    const deviceId = clientId === '' ? null : deviceIdOf(clientId);
    const address = addressOf(client);
    refusals.note({ clientId, deviceId, address, act, reason, ...(detail === undefined ? {} : { detail }) });
  }

  return {
    introduce: (client, introduction) => void introductions.set(client, introduction),
    introduced,
    refused,
    broken(client, error) {
      // Errors of the system (a reset, a broken pipe) and refused logins carry a code.
      if (error instanceof ConnectionEnded || 'errorCode' in error || ORDINARY_ENDS.includes(error.message))
        return;
      if (error instanceof PacketTooLong) return refused(client, 'connection', 'packet-too-long');
      if ('code' in error) {
        const { reason } = error as { readonly reason?: unknown };
        if (String(error.code).startsWith('ERR_SSL'))
          refused(client, 'connection', 'no-tls', typeof reason === 'string' ? reason : '');
        return;
      }
      if (isUnknownVersion(error)) return refused(client, 'login', 'protocol-version');
      const isLate = error.message === 'connect did not arrive in time';
      refused(client, 'connection', isLate ? 'no-login-in-time' : 'not-mqtt', error.message);
    },
  };
}
