import type { Translation } from '#services/i18n/index.ts';
import type { returnsZhCN } from './words.zh-cn.ts';

export const returnsEn: Translation<typeof returnsZhCN> = {
  'returns.title': 'Returns desk',
  'returns.about': 'A unit comes back: who is it, what happened to it, what may it become?',
  'returns.slots': 'Slots',
  'returns.readSlot': 'Read the unit on slot {slot}',
  'returns.or': 'or',
  'returns.find': 'Serial, MAC, DeviceName, or slot',
  'returns.next': 'Next unit',
  'returns.empty': 'Put the unit on a slot, or scan its label',
  'returns.emptyAction':
    'Press the number of the slot to read the unit itself; only then can it be changed. Without the unit, scan its serial number, MAC or DeviceName to see its history.',
  'returns.reading': 'Reading the unit on slot {slot}…',
  'returns.finding': 'Looking for it…',
  'returns.doing.keep': 'Writing the same identity again on slot {slot}…',
  'returns.doing.reissue': 'Retiring the old identity and writing a new one on slot {slot}…',
  'returns.doing.retire': 'Retiring the identity and erasing it on slot {slot}…',
  'returns.leaveInPlace': 'Leave the unit in place',
  'returns.done.keep': 'The same identity was written and read back: {deviceName}',
  'returns.done.reissue': 'The old identity is retired. The new one was written and read back: {deviceName}',
  'returns.done.retire': 'The identity is retired and erased from the unit.',
  'returns.model': 'Module',
  'returns.firmware': 'Firmware',
  'returns.actions': 'What it may become',
  'returns.readFirst':
    "The unit was not read, so this is to look at only. Put it on a slot and press the slot's number to change it.",
  'returns.notPossible': 'Not possible for this unit now',
  'returns.keep': 'Keep',
  'returns.keep.about': 'Writes the same identity again.',
  'returns.keep.confirm': 'Write it again',
  'returns.reissue': 'Re-issue',
  'returns.reissue.about': 'Retires the old identity for good and writes a new triple.',
  'returns.reissue.confirm': 'Retire and issue a new one',
  'returns.retire': 'Retire',
  'returns.retire.about': 'Retires the identity for good and erases it from the unit.',
  'returns.retire.confirm': 'Retire for good',

  'returns.reason': 'Reason',
  'returns.reason.erased': 'Flash was erased',
  'returns.reason.repaired': 'Written again after repair',
  'returns.reason.secret': 'Wrong secret, cannot log in',
  'returns.reason.boardReplaced': 'Module was replaced',
  'returns.reason.wrongProduct': 'Burned for the wrong product',
  'returns.reason.leaked': 'Secret may have leaked',
  'returns.reason.otherLine': 'Comes from another line',
  'returns.reason.scrapped': 'Scrapped',
  'returns.reason.notReturned': 'Not going back to the customer',

  'returns.reasonHint': 'Pick one, or write what happened',
  'returns.approver': 'Approved by a second person',
  'returns.approverPin': 'Their PIN',
  'returns.approverPinHint': 'Typed by the second person',
  'returns.pinAgain': 'Nothing was done. Let the second person type it again.',

  'returns.will.keep':
    'Unit {unit} on slot {slot} gets its identity {deviceName} written once more, is read back, and tries to log in to the cloud. Nothing is retired.',
  'returns.will.reissue':
    'Identity {deviceName} is retired for good, here and at the registry. Unit {unit} on slot {slot} gets a new identity from the pool and is read back.',
  'returns.will.reissueFresh':
    'Unit {unit} on slot {slot} gets a new identity from the pool and is read back.',
  'returns.will.reissueForeign':
    'The identity {deviceName} that the unit holds now is overwritten. Unit {unit} on slot {slot} gets a new identity from the pool and is read back.',
  'returns.will.retire':
    'Identity {deviceName} is retired for good, here and at the registry, never used again, and erased from unit {unit} on slot {slot}.',

  'returns.final': 'This cannot be undone.',

  'returns.verdict.known': 'Known and right',
  'returns.verdict.known.means': 'Unit and ledger agree. Nothing has to be done; it may be written again.',
  'returns.verdict.erased': 'Identity erased',
  'returns.verdict.erased.means':
    'The ledger has an identity for it, the unit holds none: erased, or its flash was replaced. The same identity can be written back.',
  'returns.verdict.unknown': 'No identity',
  'returns.verdict.unknown.means':
    'The unit holds none and this station never gave it one. It may get a new identity.',
  'returns.verdict.in-doubt': 'In doubt',
  'returns.verdict.in-doubt.means':
    'Writing was cut off, or the secret does not match the ledger. Writing the same identity again settles it.',
  'returns.verdict.foreign': 'Foreign identity',
  'returns.verdict.foreign.means':
    'The unit holds an identity that this ledger never gave out. Find out where it comes from before it gets a new one.',
  'returns.verdict.mismatch': 'Wrong identity',
  'returns.verdict.mismatch.means':
    'The unit holds an identity that belongs to another unit or was never given to it. It must not leave like this.',
  'returns.verdict.retired': 'Retired identity',
  'returns.verdict.retired.means':
    'The unit still holds an identity that was retired; the cloud refuses it. Issue a new one.',
  'returns.verdict.not-read': 'Unit not read',
  'returns.verdict.not-read.means':
    'Below is what the ledger and the registry know. What the unit itself says is known once it was read on a slot.',
  'returns.verdict.identity-free': 'Takes no identity',
  'returns.verdict.identity-free.means':
    'Units of this kind have no identity in the cloud. Below is what happened to it.',

  'returns.compare.name': 'Name',
  'returns.compare.title': 'Unit, ledger and registry compared',
  'returns.compare.device': 'Unit says',
  'returns.compare.ledger': 'Ledger says',
  'returns.compare.registry': 'Registry says',
  'returns.compare.notRead': 'was not read',
  'returns.compare.outOfReach': 'out of reach, was not asked',
  'returns.compare.registryNothing': 'does not know this identity',
  'returns.compare.deviceName': 'DeviceName',
  'returns.compare.productId': 'ProductId',
  'returns.compare.chipId': 'MAC / chip id',
  'returns.compare.secret': 'Secret',
  'returns.compare.state': 'State',
  'returns.compare.differs': 'differs',
  'returns.compare.nothing': 'none',
  'returns.compare.deviceEmpty': 'empty',
  'returns.compare.deviceHolds': 'holds an identity',
  'returns.compare.secret.same': 'matches',
  'returns.compare.secret.same-checksum': 'matches (1-byte checksum)',
  'returns.compare.secret.differs': 'does not match the ledger',

  'returns.registryState.available': 'Available',
  'returns.registryState.leased': 'Leased to a station',
  'returns.registryState.bound': 'Bound',
  'returns.registryState.retired': 'Retired',

  'returns.connection.online': 'Online',
  'returns.connection.offline': 'Offline',
  'returns.connection.never-seen': 'Never seen',

  'returns.cases.title': 'Waiting for a decision',
  'returns.cases.about': 'Units that stopped a slot because the station could not decide alone.',
  'returns.cases.when': 'When',
  'returns.cases.slot': 'slot {slot}',
  'returns.cases.open': 'Look at it',

  'returns.related.has-its-identity': 'The unit whose identity it holds',
  'returns.related.has-its-serial': 'Scanned under the same serial number',
  'returns.related.has-its-mac': 'The same MAC under another serial number',

  'returns.timeline.title': 'What happened',
  'returns.timeline.empty': 'Nothing is recorded.',
  'returns.timeline.run-started': 'Test started',
  'returns.timeline.run-finished': 'Test ended',
  'returns.timeline.identity-claim': 'Identity claimed',
  'returns.timeline.identity-intend': 'About to be written',
  'returns.timeline.identity-confirm': 'Read back and confirmed',
  'returns.timeline.identity-absent': 'Read, and not there',
  'returns.timeline.identity-doubt': 'Identity in doubt',
  'returns.timeline.identity-release': 'Back to the pool',
  'returns.timeline.identity-register': 'Registry has it',
  'returns.timeline.identity-conflict': 'Identity conflict',
  'returns.timeline.identity-retire': 'Identity retired',
  'returns.timeline.returned': 'At the returns desk',
  'returns.timeline.first-online': 'First seen online',
  'returns.timeline.last-online': 'Last seen online',
  'returns.timeline.refused': 'Refused by the registry',
  'returns.timeline.refused-once': '{act}: {reason}',
  'returns.timeline.refused-often': '{act}: {reason} ({count} {count|time|times} since {since})',

  'returns.source.ledger': 'ledger',
  'returns.source.run': 'test',
  'returns.source.audit': 'audit trail',
  'returns.source.registry': 'registry',
};
