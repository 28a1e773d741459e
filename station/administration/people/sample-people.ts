import { STATION_ITSELF, type AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { hashPin } from './pin.ts';
import type { SamplePin } from '#shared/contract/index.ts';
import type { Role } from '#shared/rpc/index.ts';

/** The people of the sample line. Their PINs are public and shown on the sign-in page. */
export const SAMPLE_PEOPLE: readonly (SamplePin & { readonly role: Role })[] = [
  { name: 'sample-operator', role: 'operator', pin: '1111' },
  { name: 'sample-support', role: 'support', pin: '222222' },
  { name: 'sample-engineer', role: 'engineer', pin: '333333' },
];

/** PIN hashes by name, as this module wrote them. A person with another hash is a real person of this station. */
const SAMPLE_HASHES = 'sample.people';

export interface SamplePeople {
  /** Adds the missing sample people, unless a real person has the name. Called by the host that starts the sample line. */
  add(): Promise<void>;
  /** The PINs to show; none at a station that was not opened as a sample line. */
  pins(): SamplePin[];
}

export interface SamplePeopleOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock' | 'random'>;
  readonly audit: AuditTrail;
  /** The host has opened this station as that of its sample line. */
  readonly sampleLine: boolean;
}

/**
 * People with public PINs exist only while a station is opened as a sample line, which only the host decides. Any other start of
 * the station removes them before it serves pages.
 */
export function createSamplePeople({
  database,
  platform,
  audit,
  sampleLine,
}: SamplePeopleOptions): SamplePeople {
  const sampleHashes = (): Record<string, string> =>
    JSON.parse(database.meta.get(SAMPLE_HASHES) ?? '{}') as Record<string, string>;
  const isSamplePerson = (name: string): boolean => {
    const hash = sampleHashes()[name];
    return hash !== undefined && database.people.findByName(name)?.pinHash === hash;
  };

  function removeAll(): void {
    database.transaction(() => {
      for (const name of Object.keys(sampleHashes())) {
        const person = isSamplePerson(name) ? database.people.findByName(name) : null;
        if (person === null) continue;
        database.people.remove(name, platform.clock.nowMs());
        audit.record(STATION_ITSELF, 'person.remove', name, { role: person.role, why: 'no sample line' });
      }
      database.meta.remove(SAMPLE_HASHES);
    });
  }

  if (!sampleLine && database.meta.get(SAMPLE_HASHES) !== null) removeAll();
  return {
    async add() {
      if (!sampleLine) return;
      for (const { name, role, pin } of SAMPLE_PEOPLE) {
        if (database.people.findByName(name) !== null) continue;
        const pinHash = await hashPin(pin, platform.random);
        database.transaction(() => {
          if (database.people.findByName(name) !== null) return;
          database.people.put({ name, role, pinHash }, platform.clock.nowMs());
          audit.record(STATION_ITSELF, 'person.add', name, { role, why: 'sample line' });
          database.meta.set(SAMPLE_HASHES, JSON.stringify({ ...sampleHashes(), [name]: pinHash }));
        });
      }
    },
    pins: () =>
      sampleLine
        ? SAMPLE_PEOPLE.filter(({ name }) => isSamplePerson(name)).map(({ name, pin }) => ({ name, pin }))
        : [],
  };
}
