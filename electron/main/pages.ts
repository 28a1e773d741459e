import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { CustomScheme, Protocol } from 'electron';
import { PAGE_POLICY } from '#shared/contract/page-policy.ts';

const SCHEME = 'app';
const HOST = 'gongwei';
export const HOME_URL = `${SCHEME}://${HOST}/`;

/** A scheme of our own gives the pages an origin that no website can have; `file:` would give them the whole disk. */
export const PAGES_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
};

const HEADERS = {
  'content-security-policy': PAGE_POLICY,
  'x-content-type-options': 'nosniff',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.woff2': 'font/woff2',
  '.json': 'application/json',
  '.wav': 'audio/wav',
};

export function isOurPage(url: string): boolean {
  const parsed = URL.parse(url);
  return parsed !== null && parsed.protocol === `${SCHEME}:` && parsed.host === HOST;
}

/** Answers for the pages' scheme with files of one folder and nothing else. */
export function servePages(protocol: Protocol, folder: string): void {
  protocol.handle(SCHEME, (request) => answer(request, folder));
}

async function answer(
  request: { readonly url: string; readonly method: string },
  folder: string,
): Promise<Response> {
  const path = request.method === 'GET' && isOurPage(request.url) ? fileOf(request.url, folder) : null;
  const type = path === null ? undefined : TYPES[extname(path)];
  if (path === null || type === undefined) return new Response(null, { status: 404, headers: HEADERS });
  try {
    return new Response(await readFile(path), { headers: { ...HEADERS, 'content-type': type } });
  } catch {
    return new Response(null, { status: 404, headers: HEADERS });
  }
}

/** The file that an address means, or `null` when it means one outside of the folder. */
function fileOf(url: string, folder: string): string | null {
  try {
    const path = decodeURIComponent(new URL(url).pathname);
    if (path.includes('\0') || path.includes('\\')) return null;
    const file = normalize(join(folder, path === '/' ? 'index.html' : path));
    return file.startsWith(normalize(folder) + sep) ? file : null;
  } catch {
    return null;
  }
}
