import { readdirSync, readFileSync, statSync } from 'node:fs';
import { PassThrough } from 'node:stream';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { makeLink } from '#kiosk';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { type Keyboard, onKeys } from '../../cli/terminal-keys.ts';
import { ask } from '../kiosk/ask.ts';
import { tempDir } from '../support/temp-dir.ts';
import { atTerminal } from './support/at-terminal.ts';
import { invoke } from '../kit/in-process.ts';
import { COMMAND_LINE, startCommand } from '../kit/command-line.ts';

describe('a new link to a running kiosk', () => {
  test('is made by its owner, opens once, and is in no argument of a program', async () => {
    await ensureBundle('pages');
    using dir = tempDir('kiosk-link');
    const data = ['--data', dir.path, '--json'];
    expect(await invoke('kiosk', 'link', ...data)).toMatchObject({
      status: 2,
      events: [{ event: 'error', code: 'not-found' }],
    });
    await using kiosk = startCommand(['kiosk', ...data]);
    const { url } = await kiosk.event('kiosk.listening');
    const port = Number(new URL(String(url)).port);
    expect(statSync(join(dir.path, 'kiosk.json')).mode & 0o077).toBe(0);

    const { status, events } = await invoke('kiosk', 'link', ...data);
    expect(status).toBe(0);
    const link = new URL(String(events[0]?.['url']));
    expect(link.port).toBe(String(port));
    expect(link.href).not.toBe(url);
    const open = async ({ pathname, search }: URL): Promise<number> =>
      (await ask(port, { path: pathname + search })).status;
    const token = link.searchParams.get('token') ?? '';
    const forged = new URL(link);
    forged.searchParams.set('token', (token.startsWith('A') ? 'B' : 'A') + token.slice(1));
    expect([await open(forged), await open(link), await open(link)]).toEqual([403, 303, 403]);
    // The first one is not used up by it.
    expect(await open(new URL(String(url)))).toBe(303);

    const secrets = [token, new URL(String(url)).searchParams.get('token') ?? ''];
    if (process.platform === 'linux')
      expect(argumentsOfAll().filter((line) => holds(line, secrets))).toEqual([]);
    for (const name of readdirSync(join(dir.path, 'logs')))
      expect(holds(readFileSync(join(dir.path, 'logs', name), 'utf8'), secrets)).toBe(false);

    kiosk.signal('SIGTERM');
    expect((await kiosk.ended).status).toBe(0);
    expect(() => makeLink(dir.path)).toThrow('no kiosk runs on');
  });
});

function holds(text: string, secrets: readonly string[]): boolean {
  return secrets.some((secret) => text.includes(secret));
}

function argumentsOfAll(): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readFileSync(join('/proc', pid, 'cmdline'), 'utf8')];
      } catch {
        return [];
      }
    });
}

describe('keys at the terminal', () => {
  test('make another link while the kiosk runs, and Ctrl-C stops it', async () => {
    await ensureBundle('pages');
    using dir = tempDir('kiosk-keys');
    const kiosk = [process.execPath, COMMAND_LINE, 'kiosk', '--data', dir.path];
    const { status, screen } = atTerminal(kiosk, ['l', '\u0003']);
    expect(status).toBe(0);
    const links = [...screen.matchAll(/open once: (http\S+)/g)].map(([, link]) => link);
    expect(new Set(links).size).toBe(2);
    expect(screen).toContain('press l for a new link');
  });

  function keyboard(isTTY: boolean): Keyboard & PassThrough & { readonly raw: boolean[] } {
    const raw: boolean[] = [];
    const stream = new PassThrough();
    return Object.assign(stream, {
      isTTY,
      raw,
      setRawMode: (on: boolean) => (raw.push(on), stream),
    }) as never;
  }

  test('are received one by one, Ctrl-C stops, and the terminal is restored', () => {
    const heard: string[] = [];
    const board = keyboard(true);
    const keys = onKeys(board, { l: () => heard.push('link') }, () => heard.push('stop'));
    for (const text of ['l', 'L', 'x', 'constructor', '\u0003']) board.emit('data', text);
    expect(heard).toEqual(['link', 'link', 'stop']);
    keys[Symbol.dispose]();
    board.emit('data', 'l');
    expect(heard).toHaveLength(3);
    expect(board.raw).toEqual([true, false]);
  });

  test('are not read without a terminal', () => {
    const board = keyboard(false);
    onKeys(board, { l: () => undefined })[Symbol.dispose]();
    expect(board.raw).toEqual([]);
    expect(board.listenerCount('data')).toBe(0);
  });
});
