import type { Translation } from '#services/i18n/index.ts';
import type { syncZhCN } from './words.zh-cn.ts';

export const syncEn: Translation<typeof syncZhCN> = {
  'sync.title': 'Sync',
  'sync.about': 'What the registry does not know yet, what it refused, and whether the ledger is consistent.',
  'sync.send': 'Send now',
  'sync.sending': 'Sending…',

  'sync.connection': 'Registry',
  'sync.connection.unconfigured': 'Not configured',
  'sync.connection.unknown': 'Not asked yet',
  'sync.connection.online': 'Connected',
  'sync.connection.offline': 'Out of reach',

  'sync.next': 'again in {time}',
  'sync.pending': 'Waiting',
  'sync.oldest': 'the oldest for {time}',
  'sync.parked': 'Needs attention',
  'sync.parkedAbout':
    'The registry did not take these. Everything is kept here, nothing is lost. Find the reason, then send again.',
  'sync.setAside': 'Set aside',
  'sync.setAsideAbout':
    'A person decided that the registry does not need these. Later messages of these units are sent nevertheless.',
  'sync.setAsideFor': 'Set aside: {text}',
  'sync.setAsideCount': '{count} set aside',
  'sync.undoSetAside': 'Send a message again that was set aside?',
  'sync.undoSetAsideWill':
    'This undoes the decision. If the registry refuses the message again, later ones of this unit wait behind it.',
  'sync.refusedAt': 'Refused',
  'sync.refusedAgain': 'The registry refused {count} {count|message|messages} again.',
  'sync.delivered': '{count} {count|message was|messages were} delivered.',
  'sync.sent': 'Delivered',
  'sync.nonePending': 'Nothing is waiting.',
  'sync.what': 'What',
  'sync.whom': 'Unit',
  'sync.since': 'Written',
  'sync.why': 'Why',
  'sync.sendAgain': 'Send again',
  'sync.sendAllAgain': 'Send all again',
  'sync.openUnit': 'Look at the unit at the returns desk',

  'sync.setAsideAction': 'Set aside…',
  'sync.setAsideTitle': 'Set the message aside?',
  'sync.setAsideWill':
    'The registry will never get this message of unit {unit}; later messages of the unit are sent. It stays in the records here, and can be sent again later.',
  'sync.setAsideGo': 'Set aside',
  'sync.setAsideDone': 'The message of unit {unit} is set aside; later ones of the unit are sent.',
  'sync.sentAgain':
    '{count} {count|message is|messages are} sent again. Those that are refused again come back to this list.',

  'sync.resend': 'Send delivered ones again…',
  'sync.resendTitle': 'Send delivered messages again?',
  'sync.resendSince': 'Delivered since',
  'sync.resendSinceHint': 'The time of the backup that the registry was restored from, or a little earlier.',
  'sync.resendCounting': 'Counting the messages…',
  'sync.resendNoTime': 'Enter the date and time of the backup.',
  'sync.resendNone': 'No message was delivered since then. Enter an earlier time.',
  'sync.resendWill':
    '{count} {count|message is|messages are} sent again. The registry recognises those that it has; nothing is counted twice.',
  'sync.resendGo': 'Send again',
  'sync.resendDone': '{count} {count|message is|messages are} sent again.',

  'sync.export': 'Export',
  'sync.exporting': 'Writing the file…',
  'sync.exportAbout': 'A file with all messages that the registry does not have yet. Nothing changes here.',
  'sync.exported': '{count} {count|message|messages} in {name} ({size}). They are still sent from here.',
  'sync.exportFailed': 'The file was not written',

  'sync.advice.bad-input': 'Export the messages, send the file to the maintainers, then set this one aside.',
  'sync.advice.kind-unknown': 'Let the registry be updated, then send again.',
  'sync.advice.key-reused': 'Compare with the record of the registry. If that is right, set this one aside.',
  'sync.advice.run-known': 'The registry has this result. Set this one aside.',
  'sync.advice.chip-missing': 'Look at the unit. If the registry has what it needs, set this one aside.',
  'sync.advice.identity-unknown': 'Let the identity be added at the registry, then send again.',
  'sync.advice.identity-retired':
    'The unit must not be shipped like this. Read it at the returns desk and issue a new identity, then set this one aside.',
  'sync.advice.identity-bound-elsewhere':
    'Read both units at the returns desk; the one that holds it wrongly gets a new identity. Then set this one aside.',
  'sync.advice.identity-leased-elsewhere':
    'For a returned unit of another station, let the registry give this station the right to it and send again. Else issue a new identity at the returns desk and set this one aside.',
  'sync.advice.login-unknown':
    'The records of this station are wrong: tell the engineer. Do not send again before that is clear.',
  'sync.advice.identity-quarantined': 'Let it be settled at the registry, then send again.',
  'sync.advice.chip-holds-another': 'Write off the other identity of this unit, then send again.',
  'sync.advice.unstorable': 'Compare with the record of the registry. If that is right, set this one aside.',
  'sync.advice.other': 'Read the text below. Send again when the cause is gone, or set this one aside.',

  'sync.unresolved.since': 'Since',
  'sync.unresolved.what': 'What to do',
  'sync.unresolved.in-doubt':
    'The station stopped while these were written. Only the unit can say whether it has one.',
  'sync.unresolved.quarantined': 'These contradict a unit or the registry. They are never given out.',
  'sync.unresolved.todo.inDoubt':
    'Put the unit on a slot and scan it: it is read and the station goes on by itself. If the unit is gone, write the identity off.',
  'sync.unresolved.todo.conflict':
    'Read the unit at the returns desk and decide there. If the unit is gone, write the identity off.',
  'sync.unresolved.todo.quarantined': 'No unit has it. Clear up where it came from, then write it off.',

  'sync.message.run.finished': 'Result of a test',
  'sync.message.unit.returned': 'Returned unit',
  'sync.message.identity.retired': 'Retired identity',

  'sync.refusal.bad-input': 'The message is malformed; report it to the maintainers of Gongwei',
  'sync.refusal.kind-unknown': 'The registry is too old for this kind of message',
  'sync.refusal.key-reused': 'Something else was sent under the same key',
  'sync.refusal.run-known': 'Another message has reported this test already',
  'sync.refusal.chip-missing': 'It does not say which unit it is about',
  'sync.refusal.identity-unknown': 'The registry has no such identity',
  'sync.refusal.identity-retired': 'This identity is retired at the registry',
  'sync.refusal.identity-bound-elsewhere': 'This identity is bound to another unit',
  'sync.refusal.identity-leased-elsewhere': 'This identity is not leased to this station',
  'sync.refusal.login-unknown': 'The registry never saw the login that this run reports',
  'sync.refusal.identity-quarantined': 'This identity is quarantined until a person decides',
  'sync.refusal.chip-holds-another': 'The registry has another identity for this unit',
  'sync.refusal.unstorable': 'It contradicts what the registry has',
  'sync.refusal.other': 'The registry did not take it',

  'sync.health.title': 'This computer',
  'sync.health.disk': 'Disk',
  'sync.health.diskFree': '{size} free',
  'sync.health.diskLasts': 'full in about {time} at this pace',
  'sync.health.diskUnknown': 'not known',
  'sync.health.backup': 'Last backup',
  'sync.health.noBackup': 'none yet',
  'sync.health.toBackups': 'Backup and restore',
  'sync.health.lostLog': 'Lines of the log that were lost',
  'sync.health.trailRewritten':
    'The registry has seen entries of the audit trail that are gone here. Leave everything as it is and call the engineer.',

  'sync.audit.title': 'Identity ledger',
  'sync.audit.again': 'Check again',
  'sync.audit.holds': 'Ledger check passed: {total} {total|identity|identities}, no duplicates.',
  'sync.audit.broken': '{count} {count|rule is|rules are} broken. Stop the line and call support.',
};
