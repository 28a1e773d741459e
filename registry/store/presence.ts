import { type Db, withRelaxedSync } from './open-database.ts';

/**
 * Connections of devices, and what they have reported. Logins and logouts are written without a sync of the disk: a power cut
 * ends every connection, and many devices may log in at once. The first login of a device is synced, because it proves that a
 * unit holds its secret, which events depend on.
 */
export interface PresenceTable {
  loggedIn(deviceId: number, nowMs: number): void;
  seen(deviceId: number, nowMs: number): void;
  loggedOut(deviceId: number, nowMs: number): void;
  /** After a restart no device is connected. */
  allOffline(): void;
  properties(deviceId: number): string;
  setProperties(deviceId: number, json: string): void;
  setFirmwareVersion(deviceId: number, version: string): void;
}

export function presenceTable(db: Db): PresenceTable {
  const loggedIn = db.prepare<[number, number, number]>(
    `UPDATE devices SET connection = 'online', logins = logins + 1, last_seen_ms = ?,
     first_seen_ms = coalesce(first_seen_ms, ?) WHERE id = ?`,
  );
  const logins = db.prepare<[number], number>('SELECT logins FROM devices WHERE id = ?').pluck();
  const seen = db.prepare<[number, number]>('UPDATE devices SET last_seen_ms = ? WHERE id = ?');
  const loggedOut = db.prepare<[number, number]>(
    `UPDATE devices SET connection = 'offline', last_seen_ms = ? WHERE id = ?`,
  );
  const allOffline = db.prepare(`UPDATE devices SET connection = 'offline' WHERE connection = 'online'`);
  const properties = db.prepare<[number], string>('SELECT properties FROM devices WHERE id = ?').pluck();
  const setProperties = db.prepare<[string, number]>('UPDATE devices SET properties = ? WHERE id = ?');
  const setVersion = db.prepare<[string, number]>('UPDATE devices SET firmware_version = ? WHERE id = ?');

  const relaxed = (work: () => void): void => withRelaxedSync(db, work);

  return {
    loggedIn(deviceId, nowMs) {
      const login = (): void => void loggedIn.run(nowMs, nowMs, deviceId);
      if (logins.get(deviceId) === 0) login();
      else relaxed(login);
    },
    seen: (deviceId, nowMs) => relaxed(() => seen.run(nowMs, deviceId)),
    loggedOut: (deviceId, nowMs) => relaxed(() => loggedOut.run(nowMs, deviceId)),
    allOffline: () => relaxed(() => allOffline.run()),
    properties: (deviceId) => properties.get(deviceId) ?? '{}',
    setProperties: (deviceId, json) => void setProperties.run(json, deviceId),
    setFirmwareVersion: (deviceId, version) => void setVersion.run(version, deviceId),
  };
}
