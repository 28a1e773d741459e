import type { FlashStage } from '../domain/flash.ts';
import { FLASH_REACHED, type FlashReached, parseFlashReached } from '../domain/flash-reached.ts';

/** Words for how far the writing of a flash got that did not end well. */
type Text = Readonly<Record<'zh-CN' | 'en', string>>;
type Language = keyof Text;

const STAGES: Readonly<Record<FlashStage, Text>> = {
  connecting: { 'zh-CN': '连接', en: 'connecting' },
  reading: { 'zh-CN': '读取', en: 'reading' },
  erasing: { 'zh-CN': '擦除', en: 'erasing' },
  writing: { 'zh-CN': '写入', en: 'writing' },
  verifying: { 'zh-CN': '校验', en: 'verifying' },
  running: { 'zh-CN': '运行', en: 'running' },
  downloading: { 'zh-CN': '下载', en: 'downloading' },
  restarting: { 'zh-CN': '重启', en: 'restarting' },
};
const HALF: Text = {
  'zh-CN': '产品中可能只有半个镜像：请重新写入固件。',
  en: 'The unit may hold half an image: write the firmware again.',
};
const UNTOUCHED: Text = { 'zh-CN': '尚未写入任何内容。', en: 'Nothing was written yet.' };
const STOPPED: Text = { 'zh-CN': '停在', en: 'Stopped at' };

/** The measurement `flash-reached` for people; `null` for another one. */
export function flashReachedMeasurement(
  { name, value }: { readonly name: string; readonly value: string | number | boolean },
  language: Language,
): { readonly name: string; readonly value: string } | null {
  const reached = name === FLASH_REACHED ? parseFlashReached(String(value)) : null;
  return reached === null ? null : { name: STOPPED[language], value: flashReachedWords(reached, language) };
}

/** How far the writing of a flash got, and whether the unit may hold half an image. */
export function flashReachedWords(
  { stage, image, doneBytes, totalBytes, changed }: FlashReached,
  language: Language,
): string {
  const where = [STAGES[stage][language], image].filter((part) => part !== null).join(' ');
  const left = (changed ? HALF : UNTOUCHED)[language];
  if (language === 'zh-CN')
    return `${where}${totalBytes === 0 ? '' : `，${totalBytes} 字节中的 ${doneBytes} 字节`}。${left}`;
  return `${where}${totalBytes === 0 ? '' : `, ${doneBytes} of ${totalBytes} bytes`}. ${left}`;
}
