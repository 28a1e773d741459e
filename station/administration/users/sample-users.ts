import { STATION_ITSELF, type AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { hashPin, type HashingPlatform } from './pin.ts';
import type { SamplePin } from '#shared/contract/index.ts';
import type { Role } from '#shared/rpc/index.ts';

/** The users of the sample line. Their PINs are public and shown on the sign-in page. */
export const SAMPLE_USERS: readonly (SamplePin & { readonly role: Role })[] = [
  { name: 'sample-operator', role: 'operator', pin: '1111' },
  { name: 'sample-support', role: 'support', pin: '222222' },
  { name: 'sample-engineer', role: 'engineer', pin: '333333' },
];

/**
 * PIN hashes by name, as this module wrote them. A user with another hash is a real user of this station. The key is
 * that of existing databases.
 */
const SAMPLE_HASHES = 'sample.people';

export interface SampleUsers {
  /** Adds the missing sample users, unless a real user has the name. Called by the host that starts the sample line. */
  add(): Promise<void>;
  /** The PINs to show; none at a station that was not opened as a sample line. */
  pins(): SamplePin[];
}

export interface SampleUsersOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock'> & HashingPlatform;
  readonly audit: AuditTrail;
  /** The host has opened this station as that of its sample line. */
  readonly sampleLine: boolean;
}

/**
 * Users with public PINs exist only while a station is opened as a sample line, which only the host decides. Any other start of
 * the station removes them before it serves pages.
 */
export function createSampleUsers({
  database,
  platform,
  audit,
  sampleLine,
}: SampleUsersOptions): SampleUsers {
  const sampleHashes = (): Record<string, string> =>
    JSON.parse(database.meta.get(SAMPLE_HASHES) ?? '{}') as Record<string, string>;
  const isSampleUser = (name: string): boolean => {
    const hash = sampleHashes()[name];
    return hash !== undefined && database.users.findAccount(name)?.pinHash === hash;
  };

  function removeAll(): void {
    database.transaction(() => {
      for (const name of Object.keys(sampleHashes())) {
        const user = isSampleUser(name) ? database.users.findAccount(name) : null;
        if (user === null) continue;
        database.users.remove(name, platform.clock.nowMs());
        audit.record(STATION_ITSELF, 'person.remove', name, { role: user.role, why: 'no sample line' });
      }
      database.meta.remove(SAMPLE_HASHES);
    });
  }

  if (!sampleLine && database.meta.get(SAMPLE_HASHES) !== null) removeAll();
  return {
    async add() {
      if (!sampleLine) return;
      for (const { name, role, pin } of SAMPLE_USERS) {
        if (database.users.findAccount(name) !== null) continue;
        const pinHash = await hashPin(pin, platform);
        database.transaction(() => {
          if (database.users.findAccount(name) !== null) return;
          database.users.put({ name, role, pinHash }, platform.clock.nowMs());
          audit.record(STATION_ITSELF, 'person.add', name, { role, why: 'sample line' });
          database.meta.set(SAMPLE_HASHES, JSON.stringify({ ...sampleHashes(), [name]: pinHash }));
        });
      }
    },
    pins: () =>
      sampleLine
        ? SAMPLE_USERS.filter(({ name }) => isSampleUser(name)).map(({ name, pin }) => ({ name, pin }))
        : [],
  };
}
