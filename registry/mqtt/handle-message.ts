import { parseExactJson } from '#shared/domain/exact-number.ts';
import { type RefusalReason, REFUSAL_WORDS } from '#shared/domain/mqtt-refusal.ts';
import { type OtaProgress, readProgress } from '../ota/index.ts';
import type { NewDeviceEvent } from '../store/index.ts';
import { readEvents } from './read-events.ts';
import type { ThingKind, TopicKind } from './topics.ts';

/** What a device's message changes, and the reply to it. */
export interface MessageResult {
  /** Properties to merge into the device's. */
  readonly properties: Readonly<Record<string, unknown>> | null;
  readonly firmwareVersion: string | null;
  /** Events of the device. */
  readonly events: readonly NewDeviceEvent[];
  /** What the device says about its owner; `token` is the one of its provisioning. */
  readonly binding: { readonly act: 'report'; readonly token: string } | { readonly act: 'unbind' } | null;
  /** Progress of an update of firmware. */
  readonly progress: OtaProgress | null;
  /** The reason why the message is refused, for the refusal log; null when it is accepted. */
  readonly refused: { readonly reason: RefusalReason; readonly detail: string } | null;
  /** The reply for the matching topic, with the device's merged properties; null without a reply. */
  reply(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null;
  /** The reply when the merged properties are too large. */
  tooLarge(): Readonly<Record<string, unknown>> | null;
  /** The reply when what it says about its owner is refused. */
  refuseBinding(reason: RefusalReason): Readonly<Record<string, unknown>> | null;
}

const NO_EFFECT: MessageResult = {
  properties: null,
  firmwareVersion: null,
  events: [],
  binding: null,
  progress: null,
  refused: null,
  reply: () => null,
  tooLarge: () => null,
  refuseBinding: () => null,
};
/** The only documented failure code: the check against the thing model failed. */
const CHECK_FAILED = 406;
/** Longest token that a device may report. */
const MAX_TOKEN = 99;
/** Methods of replies to control requests. */
const REPLIES: readonly unknown[] = ['control_reply', 'action_reply'];

type Message = Readonly<Record<string, unknown>>;

/**
 * Handles one message. Sources: `report` is printed in document 002; the other methods, their replies and code 406
 * are on Tencent's public pages of IoT Explorer (1081/34916 and those it links); `report_version_rsp` is as the Python SDK
 * logs it; `events_reply`, `clear_control_reply` and the time are as Tencent's certification tool logs them.
 */
export function handleMessage(kind: TopicKind, payload: Uint8Array, nowMs: number): MessageResult {
  if (kind === 'raw') return NO_EFFECT;
  const message = readObject(payload);
  if (message === null) return ignored('not-json');
  if (kind === 'ota') return handleOta(message);
  return kind === 'system' ? handleSystem(message, nowMs) : handleThing(kind, message);
}

function handleThing(kind: ThingKind, message: Message): MessageResult {
  const { method } = message;
  if (REPLIES.includes(method)) return NO_EFFECT;
  if (kind === 'property') return handleProperty(message);
  if (kind === 'event' && method === 'event_post') {
    const events = readEvents([message]);
    return events === null
      ? refused(message, 'event_reply', 'eventId is missing')
      : { ...accepted(message, 'event_reply'), events };
  }
  if (kind === 'event' && method === 'events_post') {
    const events = readEvents(message.events);
    return events === null
      ? refused(message, 'events_reply', 'events must be a list of events with an eventId each')
      : { ...accepted(message, 'events_reply', { status: '', data: {} }), events };
  }
  if (kind === 'service' && method === 'app_bind_token') return handleBindToken(message);
  if (kind === 'service' && method === 'unbind_device')
    return { ...accepted(message, 'unbind_device_reply'), binding: { act: 'unbind' } };
  return unknownMethod(method);
}

function handleProperty(message: Message): MessageResult {
  switch (message.method) {
    case 'report': {
      const params = asObject(message.params);
      if (params === null) return refused(message, 'report_reply', 'params must be an object');
      const { reply } = refused(message, 'report_reply', 'too many properties');
      return { ...accepted(message, 'report_reply'), properties: params, tooLarge: () => reply({}) };
    }
    case 'report_info':
      return accepted(message, 'report_info_reply');
    case 'clear_control':
      return accepted(message, 'clear_control_reply');
    case 'get_status': {
      const { reply } = accepted(message, 'get_status_reply');
      return { ...NO_EFFECT, reply: (reported) => ({ ...reply({}), data: { reported } }) };
    }
    default:
      return unknownMethod(message.method);
  }
}

function handleOta(message: Message): MessageResult {
  if (message.type === 'report_progress') {
    const progress = readProgress(message.report);
    return progress === null ? ignored('content-wrong', 'report_progress') : { ...NO_EFFECT, progress };
  }
  if (message.type !== 'report_version') return unknownMethod(message.type);
  const version = asObject(message.report)?.version;
  const ok = typeof version === 'string' && version.length >= 1 && version.length <= 64;
  return {
    ...NO_EFFECT,
    firmwareVersion: ok ? version : null,
    refused: ok ? null : { reason: 'content-wrong', detail: 'report_version' },
    reply: () => ({
      type: 'report_version_rsp',
      version: ok ? version : '',
      result_code: ok ? 0 : CHECK_FAILED,
      result_msg: ok ? 'success' : 'version must have 1 to 64 characters',
    }),
  };
}

/** Replies with the time in whole seconds since 1970. */
function handleSystem({ type, resource }: Message, nowMs: number): MessageResult {
  if (type !== 'get') return unknownMethod(type);
  if (!Array.isArray(resource) || !resource.includes('time')) return ignored('content-wrong', 'get');
  return { ...NO_EFFECT, reply: () => ({ type: 'get', time: Math.floor(nowMs / 1000) }) };
}

/** Source: Tencent's device SDKs; the text of `status` is free, and a code other than 0 means refused. */
function handleBindToken(message: Message): MessageResult {
  const method = 'app_bind_token_reply';
  const token = asObject(message.params)?.token;
  if (typeof token !== 'string' || token === '' || token.length > MAX_TOKEN)
    return refused(message, method, 'params.token must have 1 to 99 characters');
  return {
    ...accepted(message, method),
    binding: { act: 'report', token },
    refuseBinding: (reason) =>
      accepted(message, method, { code: CHECK_FAILED, status: REFUSAL_WORDS[reason].en }).reply({}),
  };
}

function accepted(message: Message, method: string, more: Message = { status: 'success' }): MessageResult {
  const { clientToken } = message;
  const token = clientToken === undefined ? {} : { clientToken };
  return { ...NO_EFFECT, reply: () => ({ method, ...token, code: 0, ...more }) };
}

function refused(message: Message, method: string, status: string): MessageResult {
  const detail = typeof message.method === 'string' ? message.method : '';
  return {
    ...accepted(message, method, { code: CHECK_FAILED, status }),
    refused: { reason: 'content-wrong', detail },
  };
}

function unknownMethod(method: unknown): MessageResult {
  return ignored('method-unknown', typeof method === 'string' ? method : '');
}

function ignored(reason: RefusalReason, detail = ''): MessageResult {
  return { ...NO_EFFECT, refused: { reason, detail } };
}

/** A number that JavaScript cannot represent exactly, such as a chip id of 20 digits, becomes a text. */
function readObject(payload: Uint8Array): Message | null {
  try {
    return asObject(parseExactJson(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Message | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return value as Message;
}
