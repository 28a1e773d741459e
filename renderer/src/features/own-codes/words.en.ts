import type { Translation } from '#services/i18n/index.ts';
import type { ownCodesZhCN } from './words.zh-cn.ts';

export const ownCodesEn: Translation<typeof ownCodesZhCN> = {
  'ownCode.title': 'Wi-Fi code',
  'ownCode.about':
    'A code for the camera of a unit, with a provisioning token of its own. It belongs to no test.',
  'ownCode.noRegistry': 'This station has no registry',
  'ownCode.noRegistryAction':
    'The registry makes the token of a code. An engineer enters its address in the station settings.',
  'ownCode.noNetwork':
    'This station has no Wi-Fi network. Type one, or ask an engineer to add it in the station settings.',
  'ownCode.form': 'New code',
  'ownCode.network': 'Wi-Fi network',
  'ownCode.typed': 'Another network',
  'ownCode.ssidMissing': 'a network name of 1 to 32 bytes',
  'ownCode.passwordMissing': 'a password of 8 to 63 ASCII characters, or 64 hex digits',
  'ownCode.passwordHint': '8 to 63 ASCII characters, or 64 hex digits. The station does not keep it.',
  'ownCode.device': 'DeviceName',
  'ownCode.deviceHint': 'Empty: any unit of the product.',
  'ownCode.deviceWrong': 'a DeviceName of letters, digits and : _ . @ -',
  'ownCode.anyDevice': 'any unit of the product',
  'ownCode.life': 'Valid for',
  'ownCode.make': 'Show the code',
  'ownCode.picture': 'Wi-Fi code of {name}',
  'ownCode.left': 'Time left',
  'ownCode.tokenId': 'Token ID',
  'ownCode.leaving':
    'Leave this page, and the code is withdrawn, unless a unit has reported its token. Close the window, and it stays valid until its time is over.',
  'ownCode.leftWithdrawn': 'The Wi-Fi code is withdrawn: no unit had reported its token.',
  'ownCode.leftReported': 'The Wi-Fi code is not withdrawn: {deviceName} has reported its token.',
  'ownCode.withdraw': 'Withdraw',
  'ownCode.again': 'New code',
  'ownCode.refused': 'The registry refused the report of {deviceName}: this code is not for it.',
  'ownCode.state.made': 'Waiting',
  'ownCode.state.reported': 'Reported',
  'ownCode.state.bound': 'Bound',
  'ownCode.state.released': 'Released',
  'ownCode.state.withdrawn': 'Withdrawn',
  'ownCode.state.expired': 'Expired',
  'ownCode.about.made': 'Hold the camera of the unit before the code until the unit is online.',
  'ownCode.about.reported':
    '{deviceName} is online and has reported the token. It is not bound to an owner yet.',
  'ownCode.about.bound': '{deviceName} is bound to {owner}.',
  'ownCode.about.released': '{deviceName} was bound, and is released again.',
  'ownCode.about.withdrawn': 'No unit can be provisioned with this code any more.',
  'ownCode.about.expired':
    'No unit reported the token in time. Check the network and the distance, and make a new code.',
  'ownCode.about.unbound': '{deviceName} reported the token and was not bound to an owner in time.',
};
