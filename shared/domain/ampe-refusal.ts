import { type AmpeAction, type AmpeDelivery, type AmpeReply, atPath } from './ampe.ts';

/** Remedies for refusals; the screen has a text for each. */
export const AMPE_REMEDIES = [
  'card',
  'reader',
  'apdu',
  'psam',
  'face-app',
  'face-version',
  'face-order',
  'consent',
  'parameter',
  'alipay',
  'network',
  'again',
  'person',
] as const;
export type AmpeRemedy = (typeof AMPE_REMEDIES)[number];

/** The reason of a refusal: the text of the document, its English translation, and the remedy. */
export interface AmpeReason {
  readonly zh: string;
  readonly en: string;
  readonly remedy: AmpeRemedy;
}

function reason(zh: string, en: string, remedy: AmpeRemedy): AmpeReason {
  return { zh, en, remedy };
}

const INIT = reason('初始化失败', 'card reader did not start', 'reader');
const NO_CARD = reason('寻卡失败', 'no card found', 'card');
const APDU = reason('执行APDU失败', 'card command failed', 'apdu');
const PSAM = reason('冷复位失败', 'PSAM reset failed', 'psam');

/** Codes of the card reader, one table per action, and the path of the code in the reply. */
const NFC: Partial<
  Record<AmpeAction, { readonly at: string | null; readonly codes: Readonly<Record<string, AmpeReason>> }>
> = {
  readOnceCPUCardInfo: {
    at: 'data.nfc_cardInfo',
    codes: {
      '-1': INIT,
      '-2': NO_CARD,
      '-3': reason('防碰撞失败', 'several cards on the reader', 'card'),
      '-4': reason('选卡失败', 'card not selected', 'card'),
      '-5': reason('上电失败', 'card not powered', 'card'),
    },
  },
  sendCPUCardCommand: { at: 'data.nfc_resultInfo', codes: { '-1': INIT, '-2': APDU } },
  psamCardColdReset: { at: 'data.nfc_resultInfo', codes: { '-1': INIT, '-2': PSAM } },
  sendCPUCardApduCommands: {
    at: null,
    codes: {
      '-1': INIT,
      '-2': APDU,
      '-100': reason('执行APDU命令成功但状态不对', 'card status is not 9000', 'apdu'),
    },
  },
};

/** `subCode` of `doStorageFaceInfo`. */
const SUB_CODES: Readonly<Record<string, AmpeReason>> = {
  '90001': reason('请走上传个人信息的链路', 'consent refused', 'consent'),
  '90002': reason('超时退出', 'time ran out', 'person'),
  '90003': reason('主动退出', 'page closed by the person', 'person'),
  '90004': reason('参数有误', 'wrong parameters', 'parameter'),
  E90612: reason('ISV信息不存在', 'ISV unknown', 'alipay'),
  E90609: reason('ISV下线', 'ISV offline', 'alipay'),
  E90604: reason('应用信息不存在', 'app unknown', 'alipay'),
  E90201: reason('组件不存在', 'component unknown', 'alipay'),
  E90204: reason('组件下线', 'component offline', 'alipay'),
  E90506: reason('只支持机构刷脸入库', 'for organisations only', 'alipay'),
  E90301: reason('机构信息不存在', 'organisation unknown', 'alipay'),
  E90306: reason('机构下线', 'organisation offline', 'alipay'),
  E90305: reason('机构关联的身份验证表信息不存在', 'no identity table', 'alipay'),
  E90703: reason('未签约', 'no contract signed', 'alipay'),
  E60002: reason('网络异常', 'network failed', 'network'),
  E60001: reason('BPaaS Service系统异常', 'BPaaS service failed', 'again'),
  Z1006: reason('刷脸重试次数超过阈值', 'too many face attempts', 'alipay'),
  Z1208: reason('抱歉,无法认出你', 'face not recognised', 'again'),
};

/** Codes in `message`. Source: the document's FAQ, which gives the cause of E69015 but no text. */
const MESSAGE_CODES: Readonly<Record<string, AmpeReason>> = {
  E69001: reason('系统异常', 'face component failed', 'face-version'),
  E69015: reason('未安装smile', 'smile is not installed', 'face-app'),
  E69016: reason('关闭服务时找不到当前任务', 'face not initialised', 'face-order'),
};

/** Texts of `message` that are a reason by themselves; the document does not specify their `success`. */
const TEXTS: Partial<Record<AmpeAction, Readonly<Record<string, AmpeReason>>>> = {
  getIDCardInfo: { 超时: reason('超时', 'no identity card in time', 'card') },
  enterIDNumber: {
    手输证件号超时: reason('手输证件号超时', 'no number typed in time', 'person'),
    取消手输证件号: reason('取消手输证件号', 'typing cancelled', 'person'),
  },
};

/** The `message` of a refusal without a reason. */
const FAILED = '失败';

export interface AmpeRefusal {
  /** As the terminal sends it; `null` when it sends none. */
  readonly code: string | null;
  /** `null` for a code that the document does not explain. */
  readonly reason: AmpeReason | null;
}

/**
 * Why a message is a refusal, or `null` when it is not one. `success` false is one. A code or text of failure is one with any
 * `success`: `readOnceCPUCardInfo`, `sendCPUCardCommand` and `psamCardColdReset` report failures with `success` true,
 * as a number of zero or less in the text where the card's data would be.
 */
export function refusalOf(answer: AmpeReply | AmpeDelivery): AmpeRefusal | null {
  if (answer.kind === 'delivery') return refusalOfDelivery(answer);
  const { action, success, message, data } = answer;
  const table = Object.hasOwn(NFC, action) ? NFC[action as AmpeAction] : undefined;
  const inData = table === undefined || table.at === null ? null : failureNumber(atPath(answer, table.at));
  if (inData !== null) return { code: inData, reason: table?.codes[inData] ?? null };
  const inMessage = /失败\s*[:：]\s*(-\d+)/.exec(message)?.[1] ?? null;
  if (inMessage !== null) return { code: inMessage, reason: table?.codes[inMessage] ?? null };
  const faceCode = /E690\d\d/.exec(message)?.[0] ?? null;
  if (faceCode !== null) return { code: faceCode, reason: lookUp(MESSAGE_CODES, faceCode) };
  const subCode = [atPath(data, 'eventData.subCode'), atPath(data, 'subCode')]
    .filter((code) => typeof code === 'string' || typeof code === 'number')
    .map(String)
    .find((code) => code !== '');
  const bySubCode = subCode === undefined ? null : lookUp(SUB_CODES, subCode);
  if (subCode !== undefined && (bySubCode !== null || success !== true))
    return { code: subCode, reason: bySubCode };
  const texts = Object.hasOwn(TEXTS, action) ? TEXTS[action as AmpeAction] : undefined;
  const byText = texts === undefined ? null : lookUp(texts, message.trim());
  return success && byText === null && message.trim() !== FAILED ? null : { code: null, reason: byText };
}

/** The listener of CPU cards reports a search that found none, since version 2.9.8 of the app. */
function refusalOfDelivery({ listener, data }: AmpeDelivery): AmpeRefusal | null {
  if (listener !== 'CPUCardListener') return null;
  const code = atPath(data, 'code');
  const failed = Number(code) === 0 ? null : failureNumber(code);
  const failure = failed ?? (code === undefined ? failureNumber(atPath(data, 'nfc_cardInfo')) : null);
  return failure === null ? null : { code: failure, reason: failure === '-1' ? NO_CARD : null };
}

/** `0` or a negative number, as a number or as text; not hex that begins with zeros. */
function failureNumber(value: unknown): string | null {
  const text = typeof value === 'number' ? String(value) : typeof value === 'string' ? value.trim() : '';
  return /^(?:0|-\d+)$/.test(text) ? text : null;
}

function lookUp(table: Readonly<Record<string, AmpeReason>>, key: string): AmpeReason | null {
  return Object.hasOwn(table, key) ? (table[key] ?? null) : null;
}
