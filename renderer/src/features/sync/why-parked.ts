import { EVENT_REJECTIONS, type EventRejection } from '#shared/registry-api/index.ts';

/** Splits a parked message's reason, `code: words`, as the registry gave it; `null` for a code that we have no words for. */
export function whyParked(reason: string): { readonly code: EventRejection | null; readonly words: string } {
  const colon = reason.indexOf(': ');
  const code = EVENT_REJECTIONS.find((one) => one === reason.slice(0, colon));
  return code === undefined ? { code: null, words: reason } : { code, words: reason.slice(colon + 2) };
}
