import type { Translation } from '#services/i18n/index.ts';
import type { uiZhCN } from './words.zh-cn.ts';

export const uiEn: Translation<typeof uiZhCN> = {
  'ui.files.pick': 'Choose…',
  'ui.files.sending': 'Handing {name} to the station',
  'ui.close': 'Close',
  'ui.undo': 'Undo',
  'ui.choose': 'Choose…',
  'ui.search': 'Search',
  'ui.noMatch': 'Nothing found',
  'ui.notifications': 'Notifications',

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
