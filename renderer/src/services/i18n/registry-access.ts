import type { FaultCode } from '#shared/domain/fault.ts';
import type { FaultWords } from './fault-dictionary.ts';
import type { Values } from './fill.ts';
import type { Language } from './language.ts';

interface AccessWords {
  /** The registry does not know the token, or it was revoked. */
  readonly unauthorized: FaultWords;
  /** The token is that of another name, the name is taken, or the station has no right to this. */
  readonly forbidden: FaultWords;
}
const WORDS: Readonly<Record<Language, AccessWords>> = {
  'zh-CN': {
    unauthorized: {
      message: '设备注册中心不认识这个令牌。',
      action: '工程师请在“工位设置 › 注册中心”重新输入管理员提供的令牌。数据没有丢。',
    },
    forbidden: {
      message: '设备注册中心不允许本工位这样做。',
      action: '令牌不属于这个工位名称，或没有这项权限；原因见技术信息。请联系注册中心管理员。数据没有丢。',
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
  },
};

/** The texts for a registry that refuses the token, or the station with this token; `null` for any other fault. */
export function registryAccess(language: Language, fault: FaultCode, { code }: Values): FaultWords | null {
  if (fault !== 'registry-refused' || (code !== 'unauthorized' && code !== 'forbidden')) return null;
  return WORDS[language][code];
}
