import { type FlashEvidence, type FlashStage, parseFlashedName } from '../domain/flash.ts';
import { FLASH_REACHED, type FlashReached, parseFlashReached } from '../domain/flash-reached.ts';

/**
 * Words for what a run records of the writing of a flash, in both languages: stages, proofs, and how far a protocol is verified.
 * Records and files for programs keep the codes.
 */
type Text = Readonly<Record<'zh-CN' | 'en', string>>;
type Language = keyof Text;

const STAGES: Readonly<Record<FlashStage, Text>> = {
  connecting: { 'zh-CN': '连接', en: 'connecting' },
  reading: { 'zh-CN': '读取', en: 'reading' },
  erasing: { 'zh-CN': '擦除', en: 'erasing' },
  writing: { 'zh-CN': '写入', en: 'writing' },
  verifying: { 'zh-CN': '校验', en: 'verifying' },
};

/** `verifiedBy` of an image. */
const PROOFS: ReadonlyMap<string, Text> = new Map([
  ['read-back', { 'zh-CN': '逐字节回读', en: 'every byte read back' }],
  ['md5', { 'zh-CN': '芯片计算的 MD5', en: 'MD5 computed by the chip' }],
  ['sha256', { 'zh-CN': '芯片计算的 SHA-256', en: 'SHA-256 computed by the chip' }],
  ['crc', { 'zh-CN': '芯片计算的 CRC', en: 'CRC computed by the chip' }],
  ['acknowledged', { 'zh-CN': '产品只确认了传输', en: 'the unit acknowledged the transfer, no more' }],
]);
const SKIPPED: Text = { 'zh-CN': '已在产品中，未再写入', en: 'was there already, not written again' };

const EVIDENCE: Readonly<Record<FlashEvidence, Text>> = {
  'foreign-program': { 'zh-CN': '独立程序', en: 'an independent program' },
  emulator: { 'zh-CN': '模拟芯片', en: 'a simulated chip' },
  hardware: { 'zh-CN': '真实硬件', en: 'real hardware' },
};

const HALF: Text = {
  'zh-CN': '产品中可能只有半个镜像：请重新写入固件。',
  en: 'The unit may hold half an image: write the firmware again.',
};
const UNTOUCHED: Text = { 'zh-CN': '尚未写入任何内容。', en: 'Nothing was written yet.' };

const NAMES: ReadonlyMap<string, Text> = new Map([
  ['flash-chip', { 'zh-CN': '芯片', en: 'Chip' }],
  ['flash-chip-id', { 'zh-CN': '芯片编号', en: 'Chip id' }],
  ['flash-baud-rate', { 'zh-CN': '传输速率', en: 'Speed of the transfer' }],
  ['flash-protocol-verified-by', { 'zh-CN': '写入协议的验证方式', en: 'Protocol checked against' }],
  ['flash-written', { 'zh-CN': '写入字节数', en: 'Bytes written' }],
  ['flash-speed', { 'zh-CN': '写入速度', en: 'Speed of writing' }],
  [FLASH_REACHED, { 'zh-CN': '停在', en: 'Stopped at' }],
]);
const FACTS = {
  sha256: { 'zh-CN': '{image} 的 SHA-256', en: 'SHA-256 of {image}' },
  proof: { 'zh-CN': '{image} 的校验', en: 'Proof of {image}' },
  before: { 'zh-CN': '{image} 之前的内容', en: 'Before {image}' },
} as const satisfies Readonly<Record<string, Text>>;

/** A measurement of a flash step for people; `null` for one of another step. */
export function flashMeasurementWords(
  { name, value }: { readonly name: string; readonly value: string | number | boolean },
  language: Language,
): { readonly name: string; readonly value: string } | null {
  const text = String(value);
  const image = parseFlashedName(name);
  if (image !== null)
    return {
      name: FACTS[image.fact][language].replace('{image}', () => image.image),
      value:
        image.fact === 'proof'
          ? proofWords(text, language)
          : image.fact === 'before'
            ? flashedBeforeWords(text, language)
            : text,
    };
  const title = NAMES.get(name);
  if (title === undefined) return null;
  return { name: title[language], value: valueWords(name, text, language) };
}

function valueWords(name: string, text: string, language: Language): string {
  if (name === 'flash-protocol-verified-by') return evidenceWords(text, language);
  const reached = name === FLASH_REACHED ? parseFlashReached(text) : null;
  return reached === null ? text : flashReachedWords(reached, language);
}

/** What proves an image: `md5`, or `md5, not written again`. An unknown code stays as it is. */
function proofWords(text: string, language: Language): string {
  const [code = '', ...rest] = text.split(', ');
  const proof = PROOFS.get(code)?.[language] ?? code;
  return rest.length === 0 ? proof : join([proof, SKIPPED[language]], language);
}

/** How far the protocol of a chip is verified: codes of `FlashEvidence`. */
function evidenceWords(text: string, language: Language): string {
  const words = text.split(', ').map((code) => EVIDENCE[code as FlashEvidence]?.[language] ?? code);
  return join(words, language);
}

/** What an image has replaced, as `describeFlashed` stores it. */
export function flashedBeforeWords(text: string, language: Language): string {
  return language === 'en' ? text : text.replace('SHA-256 of its program', '程序的 SHA-256');
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

function join(parts: readonly string[], language: Language): string {
  return parts.join(language === 'zh-CN' ? '，' : ', ');
}
