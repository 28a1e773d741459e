import type { Translation } from '#services/i18n/index.ts';
import type { shellZhCN } from './words.zh-cn.ts';

export const shellEn: Translation<typeof shellZhCN> = {
  'shell.skip': 'Skip to the page',
  'shell.search': 'Find the runs of a unit by serial number, MAC or DeviceName (key /)',
  'shell.searchHint': 'Find a unit  /',
  'shell.goTo': 'Go to a page or a setting',
  'shell.goToName': 'Name of the page or the setting',
  'shell.goToNone': 'No page and no setting has this name.',
  'shell.language': '中文 / English',
  'shell.appearance': 'Appearance',
  'shell.findUnit': 'Find a unit',
  'shell.toOperator': 'Back to the line',
  'shell.print': 'Print this page',
  'shell.ownWindow': 'Open this page in a window of its own',
  'shell.signOut': 'Sign out',
  'shell.refused': 'This page is not for the role {role}',
  'shell.refusedAction': 'Sign in as a user who may open it, or go on with your own pages.',
  'shell.toPage': 'Go to: {page}',
  'shell.unsaved': 'Leave without saving?',
  'shell.unsavedAction': 'This page has input that is not saved. It is lost when you leave.',
  'shell.discard': 'Leave and discard',
};
