import type { IconName } from '#parts/index.ts';
import type { PlainMessageKey } from '#services/i18n/index.ts';

/** A part of the station page with an address of its own. */
export interface Section {
  readonly id: string;
  readonly title: PlainMessageKey;
  readonly icon: IconName;
  /** What the search finds here; a click goes to the part of the section with this id. */
  readonly settings: readonly {
    readonly id: string;
    readonly title: PlainMessageKey;
    readonly about?: PlainMessageKey;
  }[];
}

/** The sections in their order; `routes.ts` has the component of each. A new setting is named here, so that the search finds it. */
export const SECTIONS: readonly Section[] = [
  {
    id: 'general',
    title: 'station.general',
    icon: 'info',
    settings: [
      { id: 'name', title: 'station.name', about: 'station.nameHint' },
      { id: 'program', title: 'station.program', about: 'station.dataDir' },
    ],
  },
  {
    id: 'registry',
    title: 'station.registry',
    icon: 'cloud',
    settings: [
      { id: 'address', title: 'station.registry.url', about: 'station.registry.urlHint' },
      { id: 'token', title: 'station.registry.token', about: 'station.registry.tokenHint' },
      { id: 'fingerprint', title: 'station.registry.fingerprint', about: 'station.registry.fingerprintHint' },
      { id: 'test', title: 'station.registry.test', about: 'station.registry.testAbout' },
    ],
  },
  {
    id: 'slots',
    title: 'station.slots',
    icon: 'unavailable',
    settings: [
      { id: 'slots', title: 'station.slots.title', about: 'station.slots.find' },
      { id: 'ports', title: 'station.ports.title', about: 'station.ports.about' },
      { id: 'ble', title: 'station.ble', about: 'station.bleHint' },
      { id: 'board', title: 'station.board', about: 'station.boardHint' },
      { id: 'tools', title: 'station.tools', about: 'station.tools.about' },
    ],
  },
  {
    id: 'printer',
    title: 'station.printer',
    icon: 'print',
    settings: [
      { id: 'printer', title: 'station.printer.reach', about: 'station.printer.reach.networkHint' },
      {
        id: 'language-of-printer',
        title: 'station.printer.language',
        about: 'station.printer.language.tspl',
      },
      { id: 'label', title: 'station.printer.width', about: 'station.printer.height' },
      { id: 'printer-state', title: 'station.printer.test', about: 'station.printer.testAbout' },
    ],
  },
  {
    id: 'instruments',
    title: 'station.instruments',
    icon: 'instrument',
    settings: [
      { id: 'instruments', title: 'station.instruments', about: 'station.instruments.about' },
      {
        id: 'instruments',
        title: 'station.instruments.onRelease',
        about: 'station.instruments.onReleaseHint',
      },
    ],
  },
  {
    id: 'networks',
    title: 'station.networks',
    icon: 'wifi',
    settings: [
      { id: 'networks', title: 'station.networks', about: 'station.networks.about' },
      { id: 'networks', title: 'station.networks.password', about: 'station.networks.passwordHint' },
    ],
  },
  {
    id: 'quotas',
    title: 'station.quotas',
    icon: 'list',
    settings: [{ id: 'quotas', title: 'station.quotas', about: 'station.quotas.about' }],
  },
  {
    id: 'line',
    title: 'station.line',
    icon: 'slots',
    settings: [
      { id: 'start', title: 'station.start', about: 'station.start.arrivalHint' },
      { id: 'sound', title: 'station.sound', about: 'station.soundHint' },
      { id: 'language', title: 'station.language' },
      { id: 'theme', title: 'station.theme' },
    ],
  },
  {
    id: 'storage',
    title: 'station.storage',
    icon: 'storage',
    settings: [
      { id: 'age', title: 'station.recordings.age', about: 'station.recordings' },
      { id: 'size', title: 'station.recordings.size', about: 'station.recordings' },
      { id: 'keep', title: 'station.recordings.keep', about: 'station.recordings' },
      { id: 'usage', title: 'station.usage' },
      { id: 'clock', title: 'station.clock', about: 'station.clock.right' },
    ],
  },
  {
    id: 'reports',
    title: 'station.reports',
    icon: 'list',
    settings: [
      { id: 'reports', title: 'station.reports', about: 'station.reports.about' },
      { id: 'reports', title: 'station.reports.folder', about: 'station.reports.folderHint' },
    ],
  },
  {
    id: 'backup',
    title: 'station.backup',
    icon: 'backup',
    settings: [
      { id: 'backup', title: 'station.backup.make', about: 'station.backup' },
      { id: 'backup', title: 'station.restore', about: 'station.restore.title' },
      { id: 'backup-hours', title: 'station.backup.hours', about: 'station.backup.automatic' },
      { id: 'backup-kept', title: 'station.backup.kept', about: 'station.backup.automatic' },
      { id: 'backup-folder', title: 'station.backup.folder', about: 'station.backup.automatic' },
    ],
  },
  {
    id: 'updates',
    title: 'station.updates',
    icon: 'download',
    settings: [
      { id: 'updates', title: 'station.updates.check', about: 'station.version' },
      { id: 'update-source', title: 'station.updates.source', about: 'station.updates.sourceHint' },
    ],
  },
  {
    id: 'doctor',
    title: 'station.doctor',
    icon: 'doctor',
    settings: [{ id: 'doctor', title: 'station.doctor', about: 'station.doctor.about' }],
  },
  {
    id: 'trail',
    title: 'station.trail',
    icon: 'list',
    settings: [{ id: 'trail', title: 'station.trail', about: 'station.trail.about' }],
  },
];
