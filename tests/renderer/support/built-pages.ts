import { createServer, type Server } from 'node:http';
import { readFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { extname, join, normalize } from 'node:path';
import { ensureBundle } from '../../../scripts/lib/bundles.ts';

const ROOT = join(import.meta.dirname, '../../..');
const FOLDERS = { pages: 'out/renderer', 'dev-pages': '.cache/dev-pages' } as const;
const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript',
  '.css': 'text/css',
  '.svg': 'image/svg+xml',
};
/** The content security policy of the kiosk, so that a violation fails here. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

export interface BuiltPages extends AsyncDisposable {
  readonly url: string;
  readonly server: Server;
}

/** Builds the pages unless they are up to date, and serves them on loopback. */
export async function servePages(bundle: keyof typeof FOLDERS): Promise<BuiltPages> {
  await ensureBundle(bundle);
  const outDir = join(ROOT, FOLDERS[bundle]);
  const server = createServer((request, response) => {
    void (async () => {
      const path = normalize(new URL(request.url ?? '/', 'http://localhost').pathname);
      // As a kiosk confirms the session.
      if (request.method === 'POST' && path === '/session') return void response.writeHead(204).end();
      try {
        const body = await readFile(join(outDir, path === '/' ? 'index.html' : path));
        const type = TYPES[extname(path === '/' ? '.html' : path)] ?? 'application/octet-stream';
        response.writeHead(200, {
          'content-type': path === '/' ? 'text/html; charset=utf-8' : type,
          'content-security-policy': POLICY,
          // The names of assets change with their content; a browser that has one also has it compiled.
          ...(path.startsWith('/assets/') ? { 'cache-control': 'max-age=31536000, immutable' } : {}),
        });
        response.end(body);
      } catch {
        response.writeHead(404).end();
      }
    })();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    server,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
