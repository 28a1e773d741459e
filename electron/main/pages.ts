import { readFile } from 'node:fs/promises';
import { extname, join, normalize, sep } from 'node:path';
import type { CustomScheme } from 'electron';
import { PAGE_HEADERS } from '#shared/contract/page-policy.ts';
import { answerFile, type FindFile } from './answer-file.ts';

export const SCHEME = 'app';
const HOST = 'gongwei';
export const HOME_URL = `${SCHEME}://${HOST}/`;

/** A scheme of its own gives the pages an origin that no website can have; `file:` would let them read the whole disk. */
export const PAGES_SCHEME: CustomScheme = {
  scheme: SCHEME,
  privileges: { standard: true, secure: true, supportFetchAPI: true, codeCache: true },
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

/** Answers requests of the pages' scheme with the files of one folder and with files that the station has made. */
export function createPageHandler(folder: string, find: FindFile): (request: Request) => Promise<Response> {
  return async (request) => {
    if (!isOurPage(request.url)) return notFound();
    return new URL(request.url).pathname.startsWith('/files/')
      ? answerFile(request, find)
      : answerPage(request, folder);
  };
}

async function answerPage({ method, url }: Request, folder: string): Promise<Response> {
  const path = method === 'GET' ? fileOf(url, folder) : null;
  const type = path === null ? undefined : TYPES[extname(path)];
  if (path === null || type === undefined) return notFound();
  try {
    return new Response(await readFile(path), { headers: { ...PAGE_HEADERS, 'content-type': type } });
  } catch {
    return notFound();
  }
}

function notFound(): Response {
  return new Response(null, { status: 404, headers: PAGE_HEADERS });
}

/** The file of an address; `null` for one outside of the folder. */
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
