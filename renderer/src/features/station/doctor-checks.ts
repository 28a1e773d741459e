/** The checks that have texts of their own, and where a person puts right what one of them found. */
export const DOCTOR_NAMES = [
  'data',
  'rights',
  'disk',
  'log',
  'scripts',
  'database',
  'backup',
  'end',
  'home',
  'schema',
  'identity',
  'audit',
  'records',
  'figures',
  'recordings',
  'keeping',
  'outbox',
  'secrets',
  'registry',
  'clock',
  'token',
  'witness',
  'devices',
  'ports',
  'ble',
] as const;
export type DoctorName = (typeof DOCTOR_NAMES)[number];

/** What is safe to do from here: send the waiting messages, make figures anew, or open the page where it is settled. */
export type Remedy = { readonly kind: 'send' | 'remake' } | { readonly kind: 'open'; readonly route: string };

const REMEDIES: Readonly<Partial<Record<DoctorName, Remedy>>> = {
  disk: { kind: 'open', route: 'station-storage' },
  recordings: { kind: 'open', route: 'station-storage' },
  keeping: { kind: 'open', route: 'station-storage' },
  clock: { kind: 'open', route: 'station-storage' },
  audit: { kind: 'open', route: 'station-trail' },
  backup: { kind: 'open', route: 'station-backup' },
  database: { kind: 'open', route: 'station-backup' },
  figures: { kind: 'remake' },
  outbox: { kind: 'send' },
  registry: { kind: 'open', route: 'station-registry' },
  token: { kind: 'open', route: 'station-registry' },
  ports: { kind: 'open', route: 'station-slots' },
  ble: { kind: 'open', route: 'station-slots' },
};

export function doctorName(name: string): DoctorName | null {
  return DOCTOR_NAMES.find((known) => known === name) ?? null;
}

export function remedyOf(name: string): Remedy | null {
  const known = doctorName(name);
  return known === null ? null : (REMEDIES[known] ?? null);
}
