import type { FaultCode } from '#shared/domain/fault.ts';
import type { FaultWords } from './fault-dictionary.ts';
import type { Values } from '../fill.ts';
import type { Language } from '../language.ts';

interface RefusalWords {
  /** The registry does not know the token, or it was revoked. */
  readonly unauthorized: FaultWords;
  /** The token is that of another name, the name is taken, or the station has no right to this. */
  readonly forbidden: FaultWords;
  /** It has no such product, device or file. */
  readonly 'not-found': FaultWords;
}
const WORDS: Readonly<Record<Language, RefusalWords>> = {
  'zh-CN': {
    unauthorized: {
      message: '设备注册中心不认识这个令牌。',
      action: '工程师请在“工位设置 › 注册中心”重新输入管理员提供的令牌。数据没有丢。',
    },
    forbidden: {
      message: '设备注册中心不允许本工位这样做。',
      action: '令牌不属于这个工位名称，或没有这项权限；原因见技术信息。请联系注册中心管理员。数据没有丢。',
    },
    'not-found': {
      message: '设备注册中心没有这一项。',
      action: '请核对输入的名称或型号，例如 ProductId；技术信息写明缺哪一项。数据没有丢。',
    },
  },
  en: {
    unauthorized: {
      message: 'The registry does not know this token.',
      action:
        'An engineer types the token that its administrator has given again, under Station › Registry. Nothing is lost.',
    },
    forbidden: {
      message: 'The registry does not allow this to the station.',
      action:
        'The token is not that of this station name, or it lacks a right; the technical text has the reason. Ask the administrator of the registry. Nothing is lost.',
    },
    'not-found': {
      message: 'The registry does not have this.',
      action:
        'Check the name that was typed, such as the ProductId; the technical text says what is missing. Nothing is lost.',
    },
  },
};

const CODES = ['unauthorized', 'forbidden', 'not-found'] as const;

/** The texts for a refusal of the registry that a person can settle; `null` for any other fault. */
export function registryRefusal(language: Language, fault: FaultCode, { code }: Values): FaultWords | null {
  const known = fault === 'registry-refused' ? CODES.find((one) => one === code) : undefined;
  return known === undefined ? null : WORDS[language][known];
}
