import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Kiosk, type KioskOptions, startKiosk } from '#kiosk';
import { ask } from './ask.ts';

export const SECRET_OUTSIDE = 'outside of the pages';

export interface TestKiosk extends AsyncDisposable {
  readonly kiosk: Kiosk;
  readonly origin: string;
  readonly logged: string[];
  /** Opens a new link and returns the Cookie header of its session. */
  enter(): Promise<string>;
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
      return String(answer.headers['set-cookie']?.[0]).split(';')[0] ?? '';
    },
    async [Symbol.asyncDispose]() {
      await kiosk.close();
      rmSync(dir, { recursive: true });
    },
  };
}
