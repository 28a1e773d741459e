import { parseExactJson } from './exact-number.ts';

/**
 * What a terminal of the AMPE kind can be asked (document 004: `my.call('ampeHHCommunication', …)`): a request
 * `{action, event, taskId, params}` and its reply `{action, event, taskId, success, message, data}`. The document
 * prints the key `message` with a trailing blank and shows `data` both as an object and as JSON text: both are read.
 */
export const AMPE_ACTIONS = [
  'initFace',
  'getFaceInfo',
  'getFaceInfoPersonCard',
  'doStorageFaceInfo',
  'getIDCardInfo',
  'closeIDCardInfo',
  'getQRCode',
  'startMicrophoneListener',
  'stopMicrophoneListener',
  'startMicrophone',
  'stopMicrophone',
  'getMicrophoneState',
  'getDeviceInfo',
  'speech',
  'speechStop',
  'enterIDNumber',
  'receiptPrinting',
  'startInfraredInductionListener',
  'stopInfraredInductionListener',
  'openSecondaryScreen',
  'closeSecondaryScreen',
  'getSecondaryScreenState',
  'getSocialSecurityCardInfo',
  'socialSecurityCardConfig',
  'startCPUCardLoopRead',
  'stopCPUCardLoopRead',
  'readOnceCPUCardInfo',
  'sendCPUCardCommand',
  'sendCPUCardApduCommands',
  'psamCardColdReset',
  'startBuzzer',
  'deviceConfig',
] as const;
export type AmpeAction = (typeof AMPE_ACTIONS)[number];

export interface AmpeReply {
  readonly action: string;
  readonly event: string | null;
  readonly taskId: string | null;
  readonly success: boolean;
  readonly message: string;
  readonly data: unknown;
}

/** One line of a terminal as a reply; `null` when it is none: noise, a log line, or no JSON object with an action. */
export function readAmpeReply(line: string): AmpeReply | null {
  const object = parseObject(line);
  if (object === null) return null;
  const fields = new Map(Object.entries(object).map(([key, value]) => [key.trim(), value]));
  const action = fields.get('action');
  if (typeof action !== 'string') return null;
  const text = (key: string): string | null => {
    const value = fields.get(key);
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
  };
  const data = fields.get('data') ?? null;
  const success = fields.get('success');
  return {
    action,
    event: text('event'),
    taskId: text('taskId'),
    success: success === true || success === 'true',
    message: text('message') ?? '',
    data: typeof data === 'string' ? (parseJson(data) ?? data) : data,
  };
}

/** Words for the codes of card actions (document 004); `null` for a code that the document does not explain. */
export function describeAmpeCode(action: string, code: number): string | null {
  const table =
    action === 'sendCPUCardApduCommands' ? APDU : action === 'psamCardColdReset' ? PSAM : CPU_CARD;
  return table[code] ?? null;
}

const CPU_CARD: Readonly<Record<number, string>> = {
  [-1]: '初始化失败',
  [-2]: '寻卡失败',
  [-3]: '防碰撞失败',
  [-4]: '选卡失败',
  [-5]: '上电失败',
};
const APDU: Readonly<Record<number, string>> = {
  [-1]: '初始化失败',
  [-2]: '执行APDU失败',
  [-100]: '执行APDU命令成功但状态不对',
};
const PSAM: Readonly<Record<number, string>> = { [-1]: '初始化失败', [-2]: '冷复位失败' };

/** A value inside of a reply by a dotted path, `data.list.0.sn`; `undefined` when there is none. */
export function atPath(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split('.')) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function parseObject(text: string): Record<string, unknown> | null {
  const start = text.indexOf('{');
  const value = start < 0 ? null : parseJson(text.slice(start));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return null;
  }
}
