import { dialog, Notification } from 'electron';
import type { CoreFailure } from './core-process.ts';

/** Words of the host itself; everything else is said by the page. */
const WORDS = {
  'zh-CN': {
    restartTitle: '工位程序已重新启动',
    restartBody: '正在进行的测试已记为错误，请重新扫描该产品。',
    failedTitle: '工位无法打开',
    again: '重试',
    quit: '退出',
  },
  en: {
    restartTitle: 'The station was restarted',
    restartBody: 'A run that was under way is recorded as an error. Scan its unit again.',
    failedTitle: 'The station cannot open',
    again: 'Try again',
    quit: 'Quit',
  },
} as const;

function wordsFor(locale: string): (typeof WORDS)['zh-CN' | 'en'] {
  return WORDS[locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en'];
}

/** Beside the window, never over it: the scanner's focus stays where it is. */
export function tellRestart(locale: string): void {
  const words = wordsFor(locale);
  if (Notification.isSupported())
    new Notification({ title: words.restartTitle, body: words.restartBody }).show();
}

/** Asks a person, because nothing can go on. Resolves with whether to try again. */
export async function askWhatNow(failure: CoreFailure, locale: string): Promise<boolean> {
  const words = wordsFor(locale);
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: words.failedTitle,
    message: failure.message,
    detail: failure.hint ?? '',
    buttons: [words.again, words.quit],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}
