import type { FaultCode } from '#shared/domain/fault.ts';
import type { Values } from '../fill.ts';
import type { Language } from '../language.ts';
import type { FaultWords } from './fault-dictionary.ts';

/** What the registry has seen of a unit that did not report its provisioning token in time. */
type Seen = 'seenNothing' | 'seenOnline' | 'tokenRefused' | 'otherDevice';
const SEEN = ['otherDevice', 'tokenRefused', 'seenOnline', 'seenNothing'] as const satisfies readonly Seen[];

const WORDS: Readonly<Record<Language, Readonly<Record<Seen, FaultWords>>>> = {
  'zh-CN': {
    seenNothing: {
      message: '产品没有上线。',
      action:
        '请确认产品在配网状态，再测一次。下一个产品也这样时，请叫工程师：检查 Wi-Fi 网络，以及从那里能否连到设备注册中心。',
    },
    seenOnline: {
      message: '产品已上线，但没有上报配网令牌。',
      action: '请再测一次。下一个产品也这样时，请叫工程师：可能是产品固件的问题。',
    },
    tokenRefused: {
      message: '设备注册中心拒绝了产品上报的配网令牌。',
      action: '请再测一次，让产品只看到自己工位的码。下一个产品也这样时，请叫工程师。',
    },
    otherDevice: {
      message: '另一个产品上报了它的配网令牌。',
      action: '请让每个产品只看到自己工位的码，把两个产品都再测一次。',
      more: '设备 {otherDevice}',
    },
  },
  en: {
    seenNothing: {
      message: 'The unit did not come online.',
      action:
        'Check that it was in provisioning mode, then test it again. If the next unit fails too, call the engineer: the Wi-Fi network, and whether it leads to the registry.',
    },
    seenOnline: {
      message: 'The unit is online and did not report its provisioning token.',
      action: 'Test it again. If the next unit fails too, call the engineer: it may be the firmware.',
    },
    tokenRefused: {
      message: 'The registry refused the provisioning token that the unit reported.',
      action:
        'Test it again, and let it see the code of its own slot only. If the next unit fails too, call the engineer.',
    },
    otherDevice: {
      message: 'Another unit reported the provisioning token of this one.',
      action: 'Let each unit see the code of its own slot only, then test both again.',
      more: 'Device {otherDevice}',
    },
  },
};

/** The texts for a unit that did not report its token, by what was seen of it; `null` for any other fault. */
export function provisioningSeen(language: Language, code: FaultCode, values: Values): FaultWords | null {
  if (code !== 'provisioning-timeout') return null;
  const seen = SEEN.find((one) => (values[one] ?? false) !== false);
  return seen === undefined ? null : WORDS[language][seen];
}
