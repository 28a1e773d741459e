import type { ThingKind } from './topics.ts';

/** What a device's message asks of the registry: something to remember, something to answer. */
export interface Answer {
  /** Members to merge into the device's properties. */
  readonly properties: Readonly<Record<string, unknown>> | null;
  readonly firmwareVersion: string | null;
  /** The reply as JSON on the matching topic; null when none is due. Given the device's merged properties. */
  reply(properties: Readonly<Record<string, unknown>>): Readonly<Record<string, unknown>> | null;
  /** The reply when the merged properties are more than the registry keeps. */
  tooLarge(): Readonly<Record<string, unknown>> | null;
}

const NOTHING: Answer = { properties: null, firmwareVersion: null, reply: () => null, tooLarge: () => null };
/** The only failure code documented: the thing model's check failed. */
const CHECK_FAILED = 406;

/**
 * The answer to one message. Source: Tencent IoT Explorer (document 002; `report_version_rsp` as in the python
 * SDK's log). A message that is no JSON object, or of a method that wants no answer, gets none.
 */
export function answerTo(kind: ThingKind | 'ota', payload: Uint8Array): Answer {
  const message = kind === 'raw' ? null : readObject(payload);
  if (message === null) return NOTHING;
  return kind === 'ota' ? answerOta(message) : answerThing(kind, message);
}

function answerThing(kind: ThingKind, message: Readonly<Record<string, unknown>>): Answer {
  const { method } = message;
  if (kind === 'property' && method === 'report') {
    const params = asObject(message.params);
    return params === null
      ? answering(message, 'report_reply', CHECK_FAILED, 'params must be an object')
      : {
          ...answering(message, 'report_reply'),
          properties: params,
          tooLarge: () => answering(message, 'report_reply', CHECK_FAILED, 'too many properties').reply({}),
        };
  }
  if (kind === 'property' && method === 'report_info') return answering(message, 'report_info_reply');
  if (kind === 'property' && method === 'get_status') {
    const { reply } = answering(message, 'get_status_reply');
    return { ...NOTHING, reply: (reported) => ({ ...reply({}), data: { reported } }) };
  }
  if (kind === 'event' && method === 'event_post') {
    return typeof message.eventId === 'string'
      ? answering(message, 'event_reply')
      : answering(message, 'event_reply', CHECK_FAILED, 'eventId is missing');
  }
  if (kind === 'service' && (method === 'app_bind_token' || method === 'unbind_device')) {
    return answering(message, `${method}_reply`);
  }
  return NOTHING;
}

function answerOta(message: Readonly<Record<string, unknown>>): Answer {
  if (message.type !== 'report_version') return NOTHING;
  const version = asObject(message.report)?.version;
  const ok = typeof version === 'string' && version.length >= 1 && version.length <= 64;
  return {
    ...NOTHING,
    firmwareVersion: ok ? version : null,
    reply: () => ({
      type: 'report_version_rsp',
      version: ok ? version : '',
      result_code: ok ? 0 : CHECK_FAILED,
      result_msg: ok ? 'success' : 'version must have 1 to 64 characters',
    }),
  };
}

function answering(
  message: Readonly<Record<string, unknown>>,
  method: string,
  code = 0,
  status = 'success',
): Answer {
  const { clientToken } = message;
  return {
    ...NOTHING,
    reply: () => ({ method, ...(clientToken === undefined ? {} : { clientToken }), code, status }),
  };
}

function readObject(payload: Uint8Array): Readonly<Record<string, unknown>> | null {
  try {
    return asObject(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(payload)));
  } catch {
    return null;
  }
}

function asObject(value: unknown): Readonly<Record<string, unknown>> | null {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return null;
  return value as Readonly<Record<string, unknown>>;
}
