/**
 * The Content-Security-Policy that every host sends with every answer: a page of Gongwei may load its own files only.
 */
export const PAGE_POLICY: string = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data: blob:",
  "connect-src 'self'",
  "font-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
].join('; ');

/**
 * The security headers of every answer of a host: other sites can neither load, frame nor read its pages. Bluetooth is not
 * in `permissions-policy`: Chromium on Linux does not know that feature and reports the name as an error of every page. A
 * page cannot be framed, runs its own scripts only, and `electron/main/guards.ts` refuses each device.
 */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy':
    'camera=(self), microphone=(), geolocation=(), usb=(), serial=(), hid=(), payment=(), display-capture=()',
};
