import { type BrowserWindow, dialog, Notification } from 'electron';
import { visibleLine, visibleText } from '#shared/codec/visible-text.ts';
import { pluralForm } from '#shared/words/index.ts';
import type { FaultCode } from '#shared/domain/fault.ts';
import type { CoreFailure } from './core-process.ts';

/** Words of the host itself; everything else is said by the page. */
const WORDS = {
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
    restartBody: 'A run that was under way is recorded as an error. Scan its unit again.',
    failedTitle: 'The station cannot open',
    again: 'Try again',
    quit: 'Quit',
    lostTitle: 'The file was not saved',
    lostBody: 'Check room and rights on the disk, then export it again:',
    brokenTitle: 'Gongwei is not complete',
    refusedTitle: 'Gongwei was not started',
    refusedBody: 'Start it without this argument or variable:',
    runsTitle: ['A unit is being worked on', 'Units are being worked on'],
    runsBody: [
      'under way. Closing stops it; it is recorded as aborted.',
      'under way. Closing stops them; they are recorded as aborted.',
    ],
    goOn: 'Go on',
    stop: 'Stop and close',
  },
} as const;

/** What keeps a station from opening, for who reads Chinese; the technical text stands below it. */
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

type Language = keyof typeof WORDS;

function languageOf(locale: string): Language {
  return locale.toLowerCase().startsWith('zh') ? 'zh-CN' : 'en';
}

/** Beside the window, never over it: the scanner's focus stays where it is. */
export function notifyRestart(locale: string): void {
  const words = WORDS[languageOf(locale)];
  tell(words.restartTitle, words.restartBody);
}

/** A file that somebody wanted was not saved to its end. */
export function notifyLostFile(locale: string, name: string): void {
  const words = WORDS[languageOf(locale)];
  tell(words.lostTitle, `${words.lostBody} ${visibleLine(name)}`);
}

/** The program itself lacks something; it can only end. */
export function showIncomplete(locale: string, what: string): void {
  dialog.showErrorBox(WORDS[languageOf(locale)].brokenTitle, visibleText(what));
}

/** An argument or a variable is not allowed. Before Electron is ready Linux shows this on standard error. */
export function showRefused(locale: string, what: string): void {
  const words = WORDS[languageOf(locale)];
  dialog.showErrorBox(words.refusedTitle, `${words.refusedBody} ${visibleLine(what)}`);
}

/** Asks a person, because nothing can go on. Resolves with whether to try again. */
export async function askToRetry(failure: CoreFailure, locale: string): Promise<boolean> {
  const language = languageOf(locale);
  const words = WORDS[language];
  const technical = [failure.message, failure.hint].filter((line) => line !== null).map(visibleLine);
  const translated = language === 'zh-CN' ? FAILURES[failure.code] : undefined;
  const { response } = await dialog.showMessageBox({
    type: 'error',
    title: words.failedTitle,
    message: translated ?? visibleLine(failure.message),
    detail: (translated === undefined ? technical.slice(1) : technical).join('\n'),
    buttons: [words.again, words.quit],
    defaultId: 0,
    cancelId: 1,
    noLink: true,
  });
  return response === 0;
}

/** Asks at the window. Resolves with whether the runs may be stopped; whoever just presses Enter or Esc goes on. */
export async function askToStop(window: BrowserWindow, runs: number, locale: string): Promise<boolean> {
  const language = languageOf(locale);
  const words = WORDS[language];
  const title = pluralForm(language, runs, words.runsTitle);
  const { response } = await dialog.showMessageBox(window, {
    type: 'warning',
    title,
    message: title,
    detail: `${runs} ${pluralForm(language, runs, words.runsBody)}`,
    buttons: [words.goOn, words.stop],
    defaultId: 0,
    cancelId: 0,
    noLink: true,
  });
  return response === 1;
}

function tell(title: string, body: string): void {
  if (Notification.isSupported()) new Notification({ title, body }).show();
}
