import { parseExactJson } from './exact-number.ts';

/**
 * The requests and the unsolicited messages of an AMPE terminal. Source: document 004, the functions `my.call` and
 * `my.on` of a mini program on the terminal. The document specifies neither a serial port nor a TCP port: the text lines
 * between station and terminal are those of an assumed bridge (docs/devices/ampe.md).
 */

interface Parameters {
  readonly required: readonly string[];
  readonly optional: readonly string[];
}
const NONE: Parameters = { required: [], optional: [] };

/** Actions with a listener for which document 004 prints no reply: their first delivery shows that they were done. */
export const AMPE_UNANSWERED: readonly string[] = ['startMicrophoneListener'];

/** The parameters of each action, as the document spells them. */
export const AMPE_PARAMETERS = {
  initFace: { required: ['scope'], optional: ['serviceId', 'query'] },
  getFaceInfo: NONE,
  getFaceInfoPersonCard: { required: ['certName', 'certNo'], optional: ['certPhotoBase64Str'] },
  doStorageFaceInfo: {
    required: ['appid', 'orgOutId', 'componentOutId', 'isvPid'],
    optional: ['uniqueId', 'name', 'certNo', 'phone'],
  },
  getIDCardInfo: { required: [], optional: ['infoType'] },
  closeIDCardInfo: { required: [], optional: ['infoType'] },
  getQRCode: NONE,
  startMicrophoneListener: { required: [], optional: ['intervalTime', 'isMicrophoneSourceData'] },
  stopMicrophoneListener: NONE,
  startMicrophone: NONE,
  stopMicrophone: NONE,
  getMicrophoneState: NONE,
  getDeviceInfo: NONE,
  speech: { required: ['text'], optional: ['pitch', 'rate', 'speechQueue'] },
  speechStop: NONE,
  enterIDNumber: NONE,
  receiptPrinting: { required: ['printList'], optional: [] },
  startInfraredInductionListener: { required: [], optional: ['intervalTime'] },
  stopInfraredInductionListener: NONE,
  openSecondaryScreen: { required: ['secondaryScreenBase64'], optional: [] },
  closeSecondaryScreen: NONE,
  getSecondaryScreenState: NONE,
  getSocialSecurityCardInfo: NONE,
  socialSecurityCardConfig: NONE,
  startCPUCardLoopRead: { required: [], optional: ['intervalTime', 'isComeBackFailed'] },
  stopCPUCardLoopRead: NONE,
  readOnceCPUCardInfo: NONE,
  sendCPUCardCommand: { required: ['commandApdu', 'type'], optional: ['slot'] },
  sendCPUCardApduCommands: { required: ['commandApdus', 'type'], optional: ['slot'] },
  psamCardColdReset: { required: [], optional: ['slot'] },
  startBuzzer: { required: ['beep'], optional: [] },
  deviceConfig: { required: [], optional: ['deviceConfig'] },
} as const satisfies Readonly<Record<string, Parameters>>;
export type AmpeAction = keyof typeof AMPE_PARAMETERS;
export const AMPE_ACTIONS = Object.keys(AMPE_PARAMETERS) as [AmpeAction, ...AmpeAction[]];

/** Functions of `my.call` that are no actions: they have no task, and the document specifies no reply. */
export const AMPE_CALLS = ['ampeStartOperationWatcher'] as const;
export type AmpeCallName = (typeof AMPE_CALLS)[number];

/**
 * The listeners of `my.on` with the keys of their `data`. The document gives no keys for `ampeOperationTimeout`.
 */
export const AMPE_LISTENERS = {
  initIDCardListener: ['idNum', 'photoBase64', 'signingOrganization'],
  initQRListener: ['qrCode'],
  initMicrophoneListener: ['voiceContent', 'voicecontent'],
  initInfraredInductionListener: ['inductionCode'],
  socialSecurityCardListener: ['cardNumber', 'idNumber', 'fullVersion'],
  CPUCardListener: ['nfc_cardInfo'],
  ampeOperationTimeout: [],
} as const;
export type AmpeListener = keyof typeof AMPE_LISTENERS;
export const AMPE_LISTENER_NAMES = Object.keys(AMPE_LISTENERS) as [AmpeListener, ...AmpeListener[]];

/** The reply to a task. `action` is that of the request, or the name of a call that is no action. */
export interface AmpeReply {
  readonly kind: 'reply';
  readonly action: string;
  readonly event: string | null;
  readonly taskId: string | null;
  /** `null` for a reply without it, which is neither a success nor a refusal. */
  readonly success: boolean | null;
  readonly message: string;
  readonly data: unknown;
}

/** An unsolicited message. */
export interface AmpeDelivery {
  readonly kind: 'delivery';
  readonly listener: AmpeListener;
  readonly data: unknown;
}

/**
 * Parses one line of a terminal; `null` when it is neither a reply nor a delivery: noise, a log line. The key
 * `message` has a trailing blank in most replies, `data` may be JSON text, and `success` is text in a table of the document:
 * all forms are accepted. A delivery of the document is `{"data":{…}}` alone; a bridge adds `listener`, and without it the
 * keys of `data` identify the listener.
 */
export function readAmpeLine(line: string): AmpeReply | AmpeDelivery | null {
  const object = parseObject(line);
  if (object === null) return null;
  const fields = new Map<string, unknown>();
  for (const [key, value] of Object.entries(object))
    if (value !== '' || !fields.has(key.trim())) fields.set(key.trim(), value);
  const text = (key: string): string | null => {
    const value = fields.get(key);
    return typeof value === 'string' ? value : typeof value === 'number' ? String(value) : null;
  };
  const data = opened(fields.get('data') ?? null);
  const listener = [text('listener'), text('event')].find((name) => isListener(name));
  if (listener !== undefined) return { kind: 'delivery', listener: listener as AmpeListener, data };
  const action = text('action') ?? text('call');
  if (action === null) {
    const payload = fields.has('data') ? data : object;
    const detected = listenerOf(payload);
    return detected === null ? null : { kind: 'delivery', listener: detected, data: payload };
  }
  return {
    kind: 'reply',
    action,
    event: text('event'),
    taskId: text('taskId'),
    success: readSuccess(fields.get('success')),
    message: text('message') ?? '',
    data,
  };
}

/** A boolean or a text: the document has both. */
function readSuccess(value: unknown): boolean | null {
  if (value === true || value === 'true' || value === 'success') return true;
  return value === false || value === 'false' ? false : null;
}

/** A value in a message by a dotted path, `data.printList.0.text`; JSON text on the path is parsed. */
export function atPath(value: unknown, path: string): unknown {
  let here = value;
  for (const key of path.split('.')) {
    here = opened(here);
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, key)) return undefined;
    here = (here as Record<string, unknown>)[key];
  }
  return here;
}

function isListener(name: string | null): boolean {
  return name !== null && Object.hasOwn(AMPE_LISTENERS, name);
}

function listenerOf(data: unknown): AmpeListener | null {
  if (typeof data !== 'object' || data === null) return null;
  const fits = (name: AmpeListener): boolean => AMPE_LISTENERS[name].some((key) => Object.hasOwn(data, key));
  return AMPE_LISTENER_NAMES.find(fits) ?? null;
}

/** Parses JSON text of an object or a list; returns any other value unchanged. */
function opened(value: unknown): unknown {
  if (typeof value !== 'string' || !/^\s*[[{]/.test(value)) return value;
  return parseJson(value) ?? value;
}

function parseObject(text: string): Record<string, unknown> | null {
  // Noise before a message may contain a brace; the brace of an object is followed by a key.
  const start = text.search(/\{\s*["}]/);
  const value = start < 0 ? null : parseJson(text.slice(start));
  return typeof value === 'object' && value !== null && !Array.isArray(value)
    ? (value as Record<string, unknown>)
    : null;
}

/** Parses JSON; an integer that a number cannot represent becomes its text. */
function parseJson(text: string): unknown {
  try {
    return parseExactJson(text);
  } catch {
    return null;
  }
}
