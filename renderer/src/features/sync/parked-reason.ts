import { EVENT_REJECTIONS, type EventRejection } from '#shared/registry-api/index.ts';

/** Splits a parked message's reason, `code: text`, as the registry gave it; `null` for an unknown code. */
export function parkedReason(reason: string): {
  readonly code: EventRejection | null;
  readonly text: string;
} {
  const colon = reason.indexOf(': ');
  const code = EVENT_REJECTIONS.find((one) => one === reason.slice(0, colon));
  return code === undefined ? { code: null, text: reason } : { code, text: reason.slice(colon + 2) };
}
