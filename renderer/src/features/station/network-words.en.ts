import type { Translation } from '#services/i18n/index.ts';
import type { stationNetworksZhCN } from './network-words.zh-cn.ts';

/** Texts of the Wi-Fi networks. */
export const stationNetworksEn: Translation<typeof stationNetworksZhCN> = {
  'station.networks': 'Wi-Fi networks',
  'station.networks.about':
    'networks that units are provisioned for, which recipes use by name; stored sealed, and a password is written and never read',
  'station.networks.none': 'This station has no Wi-Fi networks.',
  'station.networks.add': 'Add a network',
  'station.networks.edit': 'Change',
  'station.networks.editThis': 'Change {name}',
  'station.networks.remove': 'Remove',
  'station.networks.removeThis': 'Remove {name}?',
  'station.networks.removeAbout': 'Units of recipes that use it cannot be provisioned then.',
  'station.networks.name': 'Name',
  'station.networks.nameHint': 'As recipes write it, such as line.',
  'station.networks.nameWrong': 'Begin with a lower-case letter; use lower-case letters, digits and - only.',
  'station.networks.nameTaken': 'There is a network of this name already.',
  'station.networks.ssid': 'Network name (SSID)',
  'station.networks.ssidHint': 'A network of 2.4 GHz; ASCII characters are best.',
  'station.networks.ssidWrong': 'Type 1 to 32 bytes; a Chinese character has 3.',
  'station.networks.password': 'Password',
  'station.networks.passwordHint': '8 to 63 ASCII characters, or 64 hex digits.',
  'station.networks.passwordKept': 'Empty: the stored password stays.',
  'station.networks.passwordWrong': 'Type 8 to 63 ASCII characters, or 64 hex digits.',
  'station.networks.open': 'Open network without a password',
  'station.networks.stored': 'stored',
  'station.networks.isOpen': 'none (open)',
  'station.trail.action.code.make': 'Made a Wi-Fi code',
  'station.trail.action.code.withdraw': 'Withdrew a Wi-Fi code',
  'station.trail.action.settings.network': 'Changed a Wi-Fi network',
  'station.trail.action.settings.network-remove': 'Removed a Wi-Fi network',
};
