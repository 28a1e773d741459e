import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kiosk, type KioskOptions, startKiosk } from '#kiosk';
import { type Answer, ask } from './ask.ts';

export const SECRET_OUTSIDE = 'outside of the pages';

/** Headers of a page's requests. */
export type Pass = Readonly<Record<'cookie' | 'x-gongwei-key', string>>;

export function passIn({ headers }: Answer, key?: string): Pass {
  return {
    cookie: String(headers['set-cookie']?.[0]).split(';')[0] ?? '',
    'x-gongwei-key': key ?? String(headers.location).split('#key=')[1] ?? '',
  };
}

/** What a page does when its user has changed; faults when there is nothing to renew. */
export async function renewed(port: number, pass: Pass): Promise<Pass> {
  const post = (headers: Pass): Promise<Answer> =>
    ask(port, {
      path: '/session',
      method: 'POST',
      headers: { ...headers, origin: `http://127.0.0.1:${port}` },
    });
  const answer = await post(pass);
  if (answer.status !== 200) throw new Error(`nothing was renewed: ${answer.status}`);
  const next = passIn(answer, (JSON.parse(answer.body) as { key: string }).key);
  const confirmed = await post(next);
  if (confirmed.status !== 204) throw new Error(`not renewed: ${confirmed.status}`);
  return next;
}

export interface TestKiosk extends AsyncDisposable {
  readonly kiosk: Kiosk;
  readonly origin: string;
  readonly logged: string[];
  /** Opens a new link and returns what a page of its session sends: the cookie, and the key. */
  enter(): Promise<Pass>;
}

/** A kiosk over a folder of three small pages, with a file beside the folder that nobody may read. */
export async function openKiosk(options: Partial<KioskOptions> = {}): Promise<TestKiosk> {
  const dir = mkdtempSync(join(tmpdir(), 'gongwei-kiosk-'));
  const rendererDir = join(dir, 'renderer');
  mkdirSync(join(rendererDir, 'assets'), { recursive: true });
  writeFileSync(join(rendererDir, 'index.html'), '<!doctype html><title>工位</title>');
  writeFileSync(join(rendererDir, 'assets/page.js'), 'export const page = 1;');
  writeFileSync(join(rendererDir, '.hidden'), 'hidden');
  writeFileSync(join(dir, 'outside.txt'), SECRET_OUTSIDE);
  const logged: string[] = [];
  const kiosk = await startKiosk({
    station: { serve: () => undefined },
    rendererDir,
    log: {
      info: (event) => void logged.push(event),
      error: (event, error) => void logged.push(`${event}: ${String(error)}`),
    },
    ...options,
  }).catch((error: unknown) => {
    rmSync(dir, { recursive: true });
    throw error;
  });
  return {
    kiosk,
    origin: `http://127.0.0.1:${kiosk.port}`,
    logged,
    async enter() {
      const url = new URL(kiosk.newSessionUrl());
      const answer = await ask(kiosk.port, { path: url.pathname + url.search });
      return passIn(answer);
    },
    async [Symbol.asyncDispose]() {
      await kiosk.close();
      rmSync(dir, { recursive: true });
    },
  };
}
