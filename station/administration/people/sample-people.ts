import { STATION_ITSELF, type AuditTrail } from '../../core/audit-log/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { WritableDatabase } from '../../core/database/index.ts';
import { hashPin } from './pin.ts';
import type { SamplePin } from '#shared/contract/index.ts';
import type { Role } from '#shared/rpc/index.ts';

/** The people of the sample line. Their PINs are public: they are shown where they are to be typed. */
export const SAMPLE_PEOPLE: readonly (SamplePin & { readonly role: Role })[] = [
  { name: 'sample-operator', role: 'operator', pin: '1111' },
  { name: 'sample-support', role: 'support', pin: '222222' },
  { name: 'sample-engineer', role: 'engineer', pin: '333333' },
];

/** PIN hashes by name, as this module wrote them: who has another by now is a person of this station. */
const MARKS = 'sample.people';

export interface SamplePeople {
  /** Adds those who are missing, unless somebody else has the name. For the host that starts the sample line. */
  add(): Promise<void>;
  /** Whose PINs may be shown: nobody's at a station that was not opened as a sample line. */
  pins(): SamplePin[];
}

export interface SamplePeopleOptions {
  readonly database: WritableDatabase;
  readonly platform: Pick<Platform, 'clock'>;
  readonly audit: AuditTrail;
  /** The host opened this station as that of its sample line. */
  readonly sampleLine: boolean;
}

/**
 * Known PINs exist for as long as a station is opened as a sample line. The host alone says that it is one; a station that
 * is opened without that removes these people before it serves anybody.
 */
export function createSamplePeople({
  database,
  platform,
  audit,
  sampleLine,
}: SamplePeopleOptions): SamplePeople {
  const marks = (): Record<string, string> =>
    JSON.parse(database.meta.get(MARKS) ?? '{}') as Record<string, string>;
  const isMarked = (name: string): boolean => {
    const hash = marks()[name];
    return hash !== undefined && database.people.findByName(name)?.pinHash === hash;
  };

  function dismiss(): void {
    database.transaction(() => {
      for (const name of Object.keys(marks())) {
        const person = isMarked(name) ? database.people.findByName(name) : null;
        if (person === null) continue;
        database.people.remove(name, platform.clock.nowMs());
        audit.record(STATION_ITSELF, 'person.remove', name, { role: person.role, why: 'no sample line' });
      }
      database.meta.remove(MARKS);
    });
  }

  if (!sampleLine && database.meta.get(MARKS) !== null) dismiss();
  return {
    async add() {
      if (!sampleLine) return;
      for (const { name, role, pin } of SAMPLE_PEOPLE) {
        if (database.people.findByName(name) !== null) continue;
        const pinHash = await hashPin(pin);
        database.transaction(() => {
          if (database.people.findByName(name) !== null) return;
          database.people.put({ name, role, pinHash }, platform.clock.nowMs());
          audit.record(STATION_ITSELF, 'person.add', name, { role, why: 'sample line' });
          database.meta.set(MARKS, JSON.stringify({ ...marks(), [name]: pinHash }));
        });
      }
    },
    pins: () =>
      sampleLine
        ? SAMPLE_PEOPLE.filter(({ name }) => isMarked(name)).map(({ name, pin }) => ({ name, pin }))
        : [],
  };
}
