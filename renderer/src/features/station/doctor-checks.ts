import type { DoctorCheck } from '#shared/contract/index.ts';

/** The checks that have texts of their own, and what a person does about the finding of one. */
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
  'downloads',
  'registration',
  'ports',
  'port',
  'ble',
  'printer',
  'instruments',
  'instrument',
] as const;
export type DoctorName = (typeof DOCTOR_NAMES)[number];

/**
 * What is safe to do from here: send the waiting messages, make a backup, make figures anew, look again after something was plugged in or switched on,
 * or open the page where it is settled, at its setting.
 */
export type Remedy =
  | { readonly kind: 'send' | 'backup' | 'remake' | 'again' }
  | { readonly kind: 'open'; readonly route: string; readonly at?: string };

const storage = (at: string): Remedy => ({ kind: 'open', route: 'station-storage', at });
const slots = (at: string): Remedy => ({ kind: 'open', route: 'station-slots', at });

const REMEDIES: Readonly<Partial<Record<DoctorName, Remedy>>> = {
  data: { kind: 'again' },
  rights: { kind: 'open', route: 'users' },
  disk: storage('usage'),
  log: { kind: 'again' },
  scripts: { kind: 'open', route: 'recipes' },
  database: { kind: 'open', route: 'station-backup', at: 'backup' },
  backup: { kind: 'backup' },
  recordings: storage('size'),
  keeping: storage('clock'),
  audit: { kind: 'open', route: 'station-trail' },
  figures: { kind: 'remake' },
  outbox: { kind: 'send' },
  registry: { kind: 'open', route: 'station-registry', at: 'address' },
  clock: { kind: 'again' },
  token: { kind: 'open', route: 'station-registry', at: 'token' },
  devices: { kind: 'open', route: 'returns' },
  ports: slots('ports'),
  port: slots('slots'),
  ble: slots('ble'),
  printer: { kind: 'open', route: 'station-printer', at: 'printer-state' },
  instruments: { kind: 'open', route: 'station-instruments', at: 'instruments' },
  instrument: { kind: 'open', route: 'station-instruments', at: 'instruments' },
};

/** Checks whose name is followed by what they are about. */
const WITH_SUBJECT = /^(port|instrument) (.*)$/;

/** The name of a check, without the port or instrument that it may have. */
export function doctorName(name: string): DoctorName | null {
  const [, withSubject = name] = WITH_SUBJECT.exec(name) ?? [];
  return DOCTOR_NAMES.find((known) => known === withSubject) ?? null;
}

/** The instrument that a check is about; `null` for a check of something else. */
export function instrumentOf(name: string): string | null {
  return name.startsWith('instrument ') ? name.slice('instrument '.length) : null;
}

/** The port that a check is about; `null` for a check of something else. */
export function portOf(name: string): string | null {
  return name.startsWith('port ') ? name.slice('port '.length) : null;
}

export function remedyOf({ name, level, code }: DoctorCheck): Remedy | null {
  const known = doctorName(name);
  if (known === null || level === 'ok') return null;
  // The registry refused messages: a person decides about each.
  if (known === 'outbox' && code === 'registry-refused') return { kind: 'open', route: 'sync' };
  // Another program, or a group: the port itself is the right one.
  if (known === 'port' && (code === 'port-busy' || code === 'port-denied')) return { kind: 'again' };
  // The adapter that is set is there again as soon as it is plugged in and switched on.
  if (known === 'ble' && level === 'fail') return { kind: 'again' };
  return REMEDIES[known] ?? null;
}
