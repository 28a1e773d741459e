import type { Client } from 'aedes';
import type { RegistryLog } from '../platform.ts';
import type { Store } from '../store/index.ts';
import { deviceTopics, type DeviceTopics } from './topics.ts';

/** One logged-in device. */
export interface Session {
  readonly deviceId: number;
  readonly device: { readonly id: number; readonly productId: string; readonly deviceName: string };
  readonly client: Client;
  readonly topics: DeviceTopics;
  /** When the device was last written as seen. */
  seenAtMs: number;
}

/**
 * The connected devices by client id, in memory and in the database. The newest login of a client is its session; packets of
 * an older connection are ignored.
 */
export interface Sessions {
  /** Begins the session of an accepted login. Resolves when a former session is closed. */
  begin(client: Client, device: { id: number; productId: string; deviceName: string }): Promise<void>;
  /** The session of this connection; null when another login replaced it. */
  of(client: Client): Session | null;
  /** The session of a client id; null when it is not connected. */
  current(clientId: string): Session | null;
  /** Records that the device has sent a packet, at most once a second, and disconnects a device that was blocked since. */
  markSeen(session: Session): void;
  /** Closes the connection of a client. */
  disconnect(clientId: string): void;
  /** Closes all connections; writes nothing afterwards. */
  close(): void;
}

const SEEN_INTERVAL_MS = 1000;

export function createSessions(store: Store, nowMs: () => number, log: RegistryLog): Sessions {
  const byClientId = new Map<string, Session>();

  function of(client: Client): Session | null {
    const session = byClientId.get(client.id);
    return session?.client === client ? session : null;
  }

  function end(client: Client): void {
    const session = of(client);
    if (session === null) return;
    byClientId.delete(client.id);
    store.presence.loggedOut(session.deviceId, nowMs());
    log({ level: 'info', event: 'mqtt.offline', details: { clientId: client.id } });
  }

  return {
    async begin(client, device) {
      const atMs = nowMs();
      const topics = deviceTopics(device.productId, device.deviceName);
      const before = byClientId.get(client.id);
      store.presence.loggedIn(device.id, atMs);
      log({ level: 'info', event: 'mqtt.online', details: { clientId: client.id } });
      byClientId.set(client.id, { deviceId: device.id, device, client, topics, seenAtMs: atMs });
      // The broker's own event is missing when a new login ends this session.
      client.conn.once('close', () => end(client));
      if (before !== undefined) await new Promise<void>((resolve) => before.client.close(resolve));
    },
    of,
    current: (clientId) => byClientId.get(clientId) ?? null,
    markSeen(session) {
      const atMs = nowMs();
      if (Math.abs(atMs - session.seenAtMs) < SEEN_INTERVAL_MS) return;
      session.seenAtMs = atMs;
      store.presence.seen(session.deviceId, atMs);
      // Another process may have retired or quarantined it.
      if (store.devices.isBlocked(session.deviceId)) session.client.close();
    },
    disconnect: (clientId) => byClientId.get(clientId)?.client.close(),
    close() {
      const clients = [...byClientId.values()].map((session) => session.client);
      byClientId.clear();
      store.presence.allOffline();
      for (const client of clients) client.close();
    },
  };
}
