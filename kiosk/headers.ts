import { PAGE_HEADERS } from '#shared/contract/page-policy.ts';

/** A browser that shows the station keeps nothing of it. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'cache-control': 'no-store',
};
