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
  'sync.parked': 'Need a person',
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
  'sync.health.lostLog': 'Lines of the log that were lost',
  'sync.health.trailRewritten':
    'The registry has seen entries of the audit trail that are gone here. Leave everything as it is and call the engineer.',

  'sync.audit.title': 'Identity ledger',
  'sync.audit.again': 'Check again',
  'sync.audit.holds':
    '{total} {total|identity keeps|identities keep} the rules: no two units carry the same one.',
  'sync.audit.broken': '{count} {count|rule is|rules are} broken. Stop the line and call support.',
};
