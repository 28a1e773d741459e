import { PAGE_HEADERS } from '#shared/contract/page-policy.ts';

/** Headers of every response; a browser stores none of them. */
export const SECURITY_HEADERS: Readonly<Record<string, string>> = {
  ...PAGE_HEADERS,
  'cache-control': 'no-store',
};
