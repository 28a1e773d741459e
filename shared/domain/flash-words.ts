import type { FlashEvidence, FlashProof } from './flash.ts';

/** Words of pages and terminals for what a run records of a flash. */
type Words = Readonly<Record<'en' | 'zh-CN', string>>;

/** How it was proven that the flash holds an image. */
export const FLASH_PROOF_WORDS: Readonly<Record<FlashProof, Words>> = {
  'read-back': { en: 'every byte read back', 'zh-CN': '逐字节回读' },
  md5: { en: 'MD5 of the flash', 'zh-CN': '闪存的 MD5' },
  sha256: { en: 'SHA-256 of the flash', 'zh-CN': '闪存的 SHA-256' },
  crc: { en: 'CRC of the flash', 'zh-CN': '闪存的 CRC' },
  acknowledged: {
    en: 'acknowledged only: the flash cannot be read',
    'zh-CN': '仅有应答：闪存无法读取',
  },
};

/** How far the protocol of a chip is verified. */
export const FLASH_EVIDENCE_WORDS: Readonly<Record<FlashEvidence, Words>> = {
  'foreign-program': { en: 'an independent program', 'zh-CN': '独立程序' },
  emulator: { en: 'a simulated chip', 'zh-CN': '模拟芯片' },
  hardware: { en: 'real hardware', 'zh-CN': '真实硬件' },
};

const KINDS: Readonly<Record<string, string>> = { 'SHA-256 of its program': '程序的 SHA-256', MD5: 'MD5' };
const BEFORE = /^(.*), (SHA-256 of its program|MD5) ([0-9a-f]+)$/;

/** What an image has replaced (`describeFlashed`), in one language. */
export function flashedBeforeWords(before: string, language: 'en' | 'zh-CN'): string {
  const [, app, kind = '', digest = ''] = BEFORE.exec(before) ?? [];
  if (language === 'en' || app === undefined) return before;
  return `${app}，${KINDS[kind] ?? kind} ${digest}`;
}
