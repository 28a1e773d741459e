import { EVENT_REJECTIONS, type EventRejection } from '#shared/registry-api/index.ts';

/** Splits the registry's reason for a parked message, `code: text`; `code` is `null` if unknown. */
export function parkedReason(reason: string): {
  readonly code: EventRejection | null;
  readonly text: string;
} {
  const colon = reason.indexOf(': ');
  const code = EVENT_REJECTIONS.find((one) => one === reason.slice(0, colon));
  return code === undefined ? { code: null, text: reason } : { code, text: reason.slice(colon + 2) };
}
