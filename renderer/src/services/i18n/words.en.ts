import type { Translation } from './messages.ts';
import type { baseZhCN } from './words.zh-cn.ts';

export const baseEn: Translation<typeof baseZhCN> = {
  'app.title': 'Gongwei 工位',
  'app.product': 'Gongwei',

  'list.separator': ', ',

  'common.triples': '{count} {count|triple|triples}',
  'common.loading': 'Reading…',
  'common.again': 'Try again',
  'common.cancel': 'Cancel',
  'common.seen': 'Dismiss',

  'connection.connecting': 'Connecting to the station…',
  'connection.connectingAction': 'If this goes on, check that Gongwei has been started.',
  'connection.reconnecting': 'The station does not answer; trying again…',
  'connection.reconnectingAction':
    'You see the last known state. Tests may still be running: leave the units in place.',
  'connection.lost':
    'The station cannot be reached. Recorded results are safe; running tests cannot be seen here.',
  'connection.lostAction':
    'This page tries to reconnect by itself. If Gongwei was started again, open its new link; else call the engineer.',
  'connection.lostScan': 'Station not reachable',
  'connection.pageClosed':
    'The station does not answer, so this page cannot be opened. Try again when it answers.',
  'connection.outdated': 'The page and the station are of different versions.',
  'connection.outdatedAction': 'Press F5; if that does not help, open Gongwei again.',

  'preferences.language': '中文',
  'preferences.languageTitle': '切换到中文（F6）',
  'preferences.theme.system': 'as the system',
  'preferences.theme.light': 'light',
  'preferences.theme.dark': 'dark',
  'preferences.themeTitle': 'Appearance: {theme} (F7 changes it)',
  'preferences.sound.on': 'Sound is on (F8 turns it off)',
  'preferences.sound.off': 'Sound is off (F8 turns it on)',
  'preferences.help': 'Help (F1)',

  'unitId.mac': 'MAC',
  'unitId.chip-id': 'Chip id',
  'unitId.serial-number': "Device's serial number",
  'unitId.any': 'Goes by',

  'outcome.PASS': 'PASS',
  'outcome.FAIL': 'FAIL',
  'outcome.ERROR': 'ERROR',
  'outcome.TIMEOUT': 'TIMED OUT',
  'outcome.ABORTED': 'STOPPED',
  'outcome.UNANSWERED': 'NO ANSWER',
  'outcome.unproven': 'unproven',
  'outcome.PASS.sub': 'Good unit',
  'outcome.FAIL.sub': 'The unit did not pass',
  'outcome.ERROR.sub': "The station's fault, not the unit's",
  'outcome.TIMEOUT.sub': 'Not tested to the end',
  'outcome.UNANSWERED.sub': 'Timed out',
  'outcome.ABORTED.sub': 'Not tested to the end',

  'notice.drift': '{name} is drifting: in about {units} {units|unit|units} it reaches its limit {limit}.',
  'notice.driftReached': '{name} is drifting: its mean has reached the limit {limit}.',
  'notice.driftAction': 'Tell the engineer. You can go on working.',
  'notice.incapable': '{name} varies too much for its limits (Cpk {cpk}).',

  'role.operator': 'Operator',
  'role.support': 'Support',
  'role.engineer': 'Engineer',

  'identity.available': 'Available',
  'identity.claimed': 'Claimed',
  'identity.burning': 'Being written',
  'identity.burned': 'Burned',
  'identity.registered': 'Registered',
  'identity.in-doubt': 'In doubt',
  'identity.quarantined': 'Quarantined',
  'identity.retired': 'Retired',
  'identity.returned': 'Given back',

  'recipe.trial': 'Trial',
  'recipe.trialAbout': 'Trial: the recipe is not released for production',
  'recipe.lockedAbout': 'Production: the recipe is locked; a changed one cannot be used',
  'recipe.hash': 'Recipe hash',

  'ui.files.pick': 'Choose…',
  'ui.files.sending': 'Handing {name} to the station',
  'ui.close': 'Close',
  'ui.undo': 'Undo',
  'ui.choose': 'Choose…',
  'ui.search': 'Search',
  'ui.noMatch': 'Nothing found',
  'ui.notifications': 'Notifications',

  'ui.technical': 'Technical details',
  'ui.missing': 'Still missing: {what}',

  'ui.table.empty': 'No entries',
  'ui.table.found': '{count} found',
  'ui.table.columns': 'Columns',
  'ui.table.resetColumns': 'As at first',
  'ui.table.range': '{from}–{to} of {total}',
  'ui.table.pageSize': '{size} per page',
  'ui.table.pageSizeLabel': 'Rows per page',
  'ui.table.pages': 'Pages',
  'ui.table.first': 'First page',
  'ui.table.previous': 'Previous page',
  'ui.table.next': 'Next page',
  'ui.table.last': 'Last page',

  'ui.dates.choose': 'Choose days',
  'ui.dates.all': 'All days',
  'ui.dates.today': 'Today',
  'ui.dates.yesterday': 'Yesterday',
  'ui.dates.week': 'Last 7 days',
  'ui.dates.month': 'Last 30 days',
  'ui.dates.thisMonth': 'This month',
  'ui.dates.previous': 'Previous month',
  'ui.dates.next': 'Next month',
};
