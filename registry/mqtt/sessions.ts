import type { Client } from 'aedes';
import type { RegistryLog } from '../log.ts';
import type { Store } from '../store/index.ts';
import { deviceTopics, type DeviceTopics } from './topics.ts';

/** One logged-in device. */
export interface Session {
  readonly deviceId: number;
  readonly client: Client;
  readonly topics: DeviceTopics;
  lastNotedMs: number;
}

/**
 * Who is connected, by client id, kept equal in memory and in the database. The newest login of a client is its
 * session; what comes later from an older connection is no longer heard.
 */
export interface Sessions {
  /** A login was accepted. Resolves when the session before, if there was one, is cut. */
  begin(client: Client, device: { id: number; productId: string; deviceName: string }): Promise<void>;
  /** The session of this very connection; null when it was overtaken or never began. */
  of(client: Client): Session | null;
  /** The session of a device now; null when it is not connected. */
  current(clientId: string): Session | null;
  /** Something was heard from the device. Written at most once a second per device; cuts one that was barred meanwhile. */
  markSeen(session: Session): void;
  /** Cuts the connection of a client that may no longer be connected. */
  disconnect(clientId: string): void;
  /** Cuts all; nothing is written any more after this. */
  close(): void;
}

const NOTE_INTERVAL_MS = 1000;

export function createSessions(store: Store, now: () => number, log: RegistryLog): Sessions {
  const byClientId = new Map<string, Session>();

  function of(client: Client): Session | null {
    const session = byClientId.get(client.id);
    return session?.client === client ? session : null;
  }

  function end(client: Client): void {
    const session = of(client);
    if (session === null) return;
    byClientId.delete(client.id);
    store.presence.loggedOut(session.deviceId, now());
    log({ level: 'info', event: 'mqtt.offline', details: { clientId: client.id } });
  }

  return {
    async begin(client, device) {
      const nowMs = now();
      const topics = deviceTopics(device.productId, device.deviceName);
      const before = byClientId.get(client.id);
      store.presence.loggedIn(device.id, nowMs);
      log({ level: 'info', event: 'mqtt.online', details: { clientId: client.id } });
      byClientId.set(client.id, { deviceId: device.id, client, topics, lastNotedMs: nowMs });
      // Not the broker's own event: that one is missing when a login and the end of the one before cross.
      client.conn.once('close', () => end(client));
      if (before !== undefined) await new Promise<void>((resolve) => before.client.close(resolve));
    },
    of,
    current: (clientId) => byClientId.get(clientId) ?? null,
    markSeen(session) {
      const nowMs = now();
      if (Math.abs(nowMs - session.lastNotedMs) < NOTE_INTERVAL_MS) return;
      session.lastNotedMs = nowMs;
      store.presence.seen(session.deviceId, nowMs);
      // Retired or put in quarantine by another process, which could not cut it.
      if (store.devices.barred(session.deviceId)) session.client.close();
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
