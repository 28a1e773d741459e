import type { NewDeviceEvent } from '../store/index.ts';

/** Bounds of one event; longer texts are cut, larger parameters replaced. */
const MAX_ID = 128;
const MAX_TYPE = 32;
const MAX_PARAMS_BYTES = 4096;
const MAX_EVENTS_PER_MESSAGE = 50;

/**
 * The events of a message; null when the list is not one of events with an id each. Source: Tencent's public page of IoT Explorer
 * 1081/34916: `eventId`, `type` (info, alert, fault), `timestamp` in milliseconds, `params`.
 */
export function readEvents(events: unknown): readonly NewDeviceEvent[] | null {
  if (!Array.isArray(events) || events.length === 0) return null;
  const read: NewDeviceEvent[] = [];
  for (const event of events as unknown[]) {
    if (typeof event !== 'object' || event === null) return null;
    const { eventId, type, timestamp, params } = event as Readonly<Record<string, unknown>>;
    if (typeof eventId !== 'string') return null;
    read.push({
      event: eventId.slice(0, MAX_ID),
      type: typeof type === 'string' ? type.slice(0, MAX_TYPE) : '',
      params: paramsOf(params),
      deviceMs: typeof timestamp === 'number' && Number.isSafeInteger(timestamp) ? timestamp : null,
    });
  }
  return read.slice(0, MAX_EVENTS_PER_MESSAGE);
}

function paramsOf(params: unknown): string {
  const isObject = typeof params === 'object' && params !== null && !Array.isArray(params);
  const json = JSON.stringify(isObject ? params : {});
  return Buffer.byteLength(json) <= MAX_PARAMS_BYTES ? json : '{"tooLarge":true}';
}
