import { type BrowserWindow, dialog, Notification } from 'electron';
import { visibleLine, visibleText } from '#shared/codec/visible-text.ts';
import { pluralForm } from '#shared/words/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { StationNotice } from '../ipc/index.ts';
import type { CoreFailure } from './core-process.ts';
import { type DesktopLanguage, desktopWords, languageOfLocale } from './desktop-words.ts';

/** The messages of the host itself; all others are shown by the page. */
const MESSAGES = {
  'zh-CN': {
    restartTitle: '工位程序已重新启动',
    restartBody: '正在进行的测试已记为错误，请重新扫描该产品。',
    failedTitle: '工位无法打开',
    again: '重试',
    quit: '退出',
    lostTitle: '文件没有保存',
    lostBody: '请检查磁盘空间和写入权限，然后重新导出：',
    brokenTitle: '工位程序不完整',
    refusedTitle: '工位程序没有启动',
    refusedBody: '请去掉下面的启动参数或环境变量：',
    runsTitle: ['还有产品正在测试'],
    runsBody: ['个产品正在测试。关闭后测试会停止，并记为中止。'],
    goOn: '继续测试',
    stop: '停止并关闭',
  },
  en: {
    restartTitle: 'The station was restarted',
    restartBody: 'Runs that were under way are recorded as errors. Scan their units again.',
    failedTitle: 'The station cannot open',
    again: 'Try again',
    quit: 'Quit',
    lostTitle: 'The file was not saved',
    lostBody: 'Check the free space and the write permission, then export it again:',
    brokenTitle: 'Gongwei is incomplete',
    refusedTitle: 'Gongwei was not started',
    refusedBody: 'Start it without this argument or variable:',
    runsTitle: ['A unit is being tested', 'Units are being tested'],
    runsBody: [
      'under way. Closing stops it; it is recorded as aborted.',
      'under way. Closing stops them; they are recorded as aborted.',
    ],
    goOn: 'Go on',
    stop: 'Stop and close',
  },
} as const;

/** Why a station cannot open, in Chinese. The technical text is shown below it. */
const FAILURES: Readonly<Partial<Record<FaultCode, string>>> = {
  'data-busy': '这些数据正被另一个工位程序使用，或属于另一台电脑或另一个目录。',
  'database-corrupt': '数据库已损坏，请用备份恢复。',
  'database-future': '数据库来自更新的版本，请升级本程序。',
  'disk-full': '磁盘已满，请先清理空间。',
  'disk-read-only': '磁盘是只读的，无法写入，请检查磁盘；不要恢复备份。',
  'disk-failing': '磁盘读写出错，请检查磁盘；先不要恢复备份。',
  'file-denied': '没有数据目录的读写权限。',
  'secret-unreadable': '无法解开密钥，请用原来的系统用户登录。',
  'ble-missing': '找不到蓝牙适配器。',
  'ble-denied': '没有使用蓝牙的权限。',
  'bad-input': '启动参数有误。',
  internal: '工位程序反复退出，请联系工程师。',
};

/** A notification, because a dialog would take the focus away from the scanner. */
export function notifyRestart(locale: string): void {
  const messages = MESSAGES[languageOfLocale(locale)];
  notify(messages.restartTitle, messages.restartBody);
}

/** A download was not completed. */
export function notifyLostFile(locale: string, name: string): void {
  const messages = MESSAGES[languageOfLocale(locale)];
  notify(messages.lostTitle, `${messages.lostBody} ${visibleLine(name)}`);
}

/** What a person should know, while no window is in front. */
export function notifyStation(notice: StationNotice, language: DesktopLanguage): void {
  const words = desktopWords(language);
  switch (notice.kind) {
    case 'pool-low': {
      const { productId, available } = notice;
      const values: Readonly<Record<string, string>> = { productId, available: String(available) };
      const body = words.poolLowBody.replace(/\{(\w+)\}/g, (whole, name: string) => values[name] ?? whole);
      return notify(words.poolLowTitle, visibleLine(body));
    }
    case 'disk-low':
      return notify(words.diskLowTitle, words.diskLowBody);
    case 'job-ended':
      return notify(words[`${notice.job}${notice.succeeded ? 'Done' : 'Failed'}`], visibleLine(notice.title));
  }
}

/** A part of the program is missing; it has to end. */
export function showIncomplete(locale: string, what: string): void {
  dialog.showErrorBox(MESSAGES[languageOfLocale(locale)].brokenTitle, visibleText(what));
}

/** An argument or a variable is not allowed. Before Electron is ready, on Linux, this is written to standard error. */
export function showRefused(locale: string, what: string): void {
  const messages = MESSAGES[languageOfLocale(locale)];
  dialog.showErrorBox(messages.refusedTitle, `${messages.refusedBody} ${visibleLine(what)}`);
}

/** Asks a person, because the station cannot open. Resolves with whether to try again. */
export async function askToRetry(failure: CoreFailure, locale: string): Promise<boolean> {
  const language = languageOfLocale(locale);
  const messages = MESSAGES[language];
  const technical = [failure.message, failure.hint].filter((line) => line !== null).map(visibleLine);
  const translated = language === 'zh-CN' ? FAILURES[failure.code] : undefined;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: messages.failedTitle,
    message: translated ?? visibleLine(failure.message),
    detail: (translated === undefined ? technical.slice(1) : technical).join('\n'),
    buttons: [messages.again, messages.quit],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}

/** Asks at the window. Resolves with whether the runs may be stopped; Enter and Esc mean that they go on. */
export async function askToStop(window: BrowserWindow, runs: number, locale: string): Promise<boolean> {
  const language = languageOfLocale(locale);
  const messages = MESSAGES[language];
  const title = pluralForm(language, runs, messages.runsTitle);
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title,
    message: title,
    detail: `${runs} ${pluralForm(language, runs, messages.runsBody)}`,
    buttons: [messages.goOn, messages.stop],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

function notify(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
