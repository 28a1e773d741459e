import { parseExactJson } from '#shared/domain/exact-number.ts';
import type { RefusalReason } from '#shared/domain/refusal.ts';
import type { ThingKind, TopicKind } from './topics.ts';

/** What a device's message asks of the registry: something to remember, something to answer. */
export interface MessageResult {
  /** Members to merge into the device's properties. */
  readonly properties: Readonly<Record<string, unknown>> | null;
  readonly firmwareVersion: string | null;
  /** Why nothing is done with it, for the trace; null when it is taken. */
  readonly refused: { readonly reason: RefusalReason; readonly detail: string } | null;
  /** The reply as JSON on the matching topic; null when none is due. Given the device's merged properties. */
  reply(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null;
  /** The reply when the merged properties are more than the registry keeps. */
  tooLarge(): Readonly<Record<string, unknown>> | null;
}

const NOTHING: MessageResult = {
  properties: null,
  firmwareVersion: null,
  refused: null,
  reply: () => null,
  tooLarge: () => null,
};
/** The only failure code documented: the thing model's check failed. */
const CHECK_FAILED = 406;
/** Methods that answer something the cloud has asked, and wait for nothing. */
const REPLIES: readonly unknown[] = ['control_reply', 'action_reply'];

type Message = Readonly<Record<string, unknown>>;

/**
 * The answer to one message. Sources: `report` is printed in document 002; the other methods, their replies and code 406
 * are on Tencent's public pages of IoT Explorer (1081/34916 and those it links); `report_version_rsp` is as the Python SDK
 * logs it; `events_reply`, `clear_control_reply` and the time are as Tencent's certification tool logs them.
 */
export function handleMessage(kind: TopicKind, payload: Uint8Array, nowMs: number): MessageResult {
  if (kind === 'raw') return NOTHING;
  const message = readObject(payload);
  if (message === null) return ignored('not-json');
  if (kind === 'ota') return answerOta(message);
  return kind === 'system' ? answerSystem(message, nowMs) : answerThing(kind, message);
}

function answerThing(kind: ThingKind, message: Message): MessageResult {
  const { method } = message;
  if (REPLIES.includes(method)) return NOTHING;
  if (kind === 'property') return answerProperty(message);
  if (kind === 'event' && method === 'event_post') {
    return typeof message.eventId === 'string'
      ? answering(message, 'event_reply')
      : refusing(message, 'event_reply', 'eventId is missing');
  }
  if (kind === 'event' && method === 'events_post') {
    return isEventList(message.events)
      ? answering(message, 'events_reply', { status: '', data: {} })
      : refusing(message, 'events_reply', 'events must be a list of events with an eventId each');
  }
  if (kind === 'service' && (method === 'app_bind_token' || method === 'unbind_device')) {
    return answering(message, `${method}_reply`);
  }
  return unknownMethod(method);
}

function answerProperty(message: Message): MessageResult {
  switch (message.method) {
    case 'report': {
      const params = asObject(message.params);
      if (params === null) return refusing(message, 'report_reply', 'params must be an object');
      const { reply } = refusing(message, 'report_reply', 'too many properties');
      return { ...answering(message, 'report_reply'), properties: params, tooLarge: () => reply({}) };
    }
    case 'report_info':
      return answering(message, 'report_info_reply');
    case 'clear_control':
      return answering(message, 'clear_control_reply');
    case 'get_status': {
      const { reply } = answering(message, 'get_status_reply');
      return { ...NOTHING, reply: (reported) => ({ ...reply({}), data: { reported } }) };
    }
    default:
      return unknownMethod(message.method);
  }
}

function answerOta(message: Message): MessageResult {
  if (message.type === 'report_progress') return NOTHING;
  if (message.type !== 'report_version') return unknownMethod(message.type);
  const version = asObject(message.report)?.version;
  const ok = typeof version === 'string' && version.length >= 1 && version.length <= 64;
  return {
    ...NOTHING,
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

/** The cloud's own time, in whole seconds since 1970. */
function answerSystem({ type, resource }: Message, nowMs: number): MessageResult {
  if (type !== 'get') return unknownMethod(type);
  if (!Array.isArray(resource) || !resource.includes('time')) return ignored('content-wrong', 'get');
  return { ...NOTHING, reply: () => ({ type: 'get', time: Math.floor(nowMs / 1000) }) };
}

function isEventList(events: unknown): boolean {
  return (
    Array.isArray(events) &&
    events.length > 0 &&
    events.every((event) => typeof asObject(event)?.eventId === 'string')
  );
}

function answering(message: Message, method: string, more: Message = { status: 'success' }): MessageResult {
  const { clientToken } = message;
  const token = clientToken === undefined ? {} : { clientToken };
  return { ...NOTHING, reply: () => ({ method, ...token, code: 0, ...more }) };
}

function refusing(message: Message, method: string, status: string): MessageResult {
  const detail = typeof message.method === 'string' ? message.method : '';
  return {
    ...answering(message, method, { code: CHECK_FAILED, status }),
    refused: { reason: 'content-wrong', detail },
  };
}

function unknownMethod(method: unknown): MessageResult {
  return ignored('method-unknown', typeof method === 'string' ? method : '');
}

function ignored(reason: RefusalReason, detail = ''): MessageResult {
  return { ...NOTHING, refused: { reason, detail } };
}

/** A number that would become another one (a chip id of 20 digits) stays as its digits, in a text. */
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
