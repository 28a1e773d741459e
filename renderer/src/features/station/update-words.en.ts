import type { Translation } from '#services/i18n/index.ts';
import type { stationUpdateZhCN } from './update-words.zh-cn.ts';

/** Texts of updates of the program. */
export const stationUpdateEn: Translation<typeof stationUpdateZhCN> = {
  'station.updates': 'Updates',
  'station.updates.data': 'Version of the data',
  'station.updates.checked': 'Checked last',
  'station.updates.never': 'never',
  'station.updates.source': 'Where updates come from',
  'station.updates.sourceField': 'Address or folder',
  'station.updates.sourceHint':
    'An https address that has the installers with latest.yml, or the whole path of a folder: of this computer, a USB stick, a network share. Leave it empty to look for no updates.',
  'station.updates.sourceWrong': 'Type an https address without a password, or the whole path of a folder.',
  'station.updates.noSource': 'No source of updates is set. Type its address or folder below.',
  'station.updates.check': 'Check for updates',
  'station.updates.newer': 'Version {version} is available',
  'station.updates.same': '{version} is the newest version, and it runs.',
  'station.updates.older':
    'The source has {version}, which is older than what runs. It is not installed: an older program cannot read the data of a newer one.',
  'station.updates.nothing': 'The source has no installer for this computer.',
  'station.updates.download': 'Download',
  'station.updates.downloading': 'Downloading',
  'station.updates.ready': 'Version {version} was downloaded and verified by its SHA-512.',
  'station.updates.install': 'Install',
  'station.updates.installAsk': 'Install version {version}?',
  'station.updates.installWill':
    'The installer is verified again and the database is backed up; then the installer is opened. It is refused while units are tested. No unit can be tested during the installation. The data stays as it is.',
  'station.updates.backedUp': 'Backed up: {name}',
  'station.updates.opened': 'The installer was opened. Follow it at this computer.',
  'station.updates.byHand': 'Close this program at its computer, then run this installer:',
  'station.trail.action.settings.updates': 'Changed where updates come from',
  'station.trail.action.update.download': 'Downloaded an update',
  'station.trail.action.update.install': 'Began to install an update',
  'station.trail.kind.update': 'Updates',
};
