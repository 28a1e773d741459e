import { EventEmitter } from 'node:events';
import { join } from 'node:path';
import type { DownloadItem, Session, WebContents } from 'electron';
import { expect, test } from 'vitest';
import { guardDownloads } from '../../electron/main/guard-downloads.ts';

const PAGE = { id: 1 } as WebContents;
const FOLDER = join('home', 'li', 'Downloads');

/** A download as Electron announces it. */
class Item extends EventEmitter {
  options: { defaultPath?: string } | null = null;
  readonly chain: readonly string[];
  readonly filename: string;
  constructor(chain: readonly string[], filename = 'report.csv') {
    super();
    this.chain = chain;
    this.filename = filename;
  }
  getURL = (): string => this.chain.at(-1) ?? '';
  getURLChain = (): readonly string[] => this.chain;
  getFilename = (): string => this.filename;
  setSaveDialogOptions = (options: { defaultPath?: string }): void => void (this.options = options);
}

function announce(item: Item, contents: WebContents | null = PAGE) {
  const session = new EventEmitter();
  const lost: string[] = [];
  guardDownloads(session as unknown as Session, {
    isOurs: (one) => one === PAGE,
    folder: () => FOLDER,
    onLost: (name) => lost.push(name),
  });
  const event = { prevented: false, preventDefault: () => void (event.prevented = true) };
  session.emit('will-download', event, item as unknown as DownloadItem, contents);
  return { event, lost };
}

test('what the station has made is saved where its person says, beginning in their downloads', () => {
  const item = new Item(['app://gongwei/files/abc'], '报告.csv');
  const { event } = announce(item);
  expect(event.prevented).toBe(false);
  expect(item.options).toMatchObject({ defaultPath: join(FOLDER, '报告.csv') });
});

test('a name cannot lead out of the folder', () => {
  const item = new Item(['app://gongwei/files/abc'], '../../.bashrc');
  announce(item);
  expect(item.options?.defaultPath).toBe(join(FOLDER, '.bashrc'));
});

test.each<[string, string[]]>([
  ['a page', ['app://gongwei/']],
  ['a part of the pages', ['app://gongwei/assets/a.js']],
  ['a path below a file', ['app://gongwei/files/abc/x']],
  ['what a page has made up', ['data:text/html,x']],
  ['what a page has made up, as a blob', ['blob:app://gongwei/17']],
  ['another host', ['app://evil/files/abc']],
  ['the web', ['https://evil.example/files/abc']],
  ['a file reached by a detour', ['https://evil.example/', 'app://gongwei/files/abc']],
])('%s is not saved', (_, chain) => {
  const item = new Item(chain);
  expect(announce(item).event.prevented).toBe(true);
  expect(item.options).toBeNull();
});

test('nothing is saved for who is none of our windows', () => {
  const chain = ['app://gongwei/files/abc'];
  expect(announce(new Item(chain), { id: 2 } as WebContents).event.prevented).toBe(true);
  expect(announce(new Item(chain), null).event.prevented).toBe(true);
});

test('a file that was lost on its way is told, one that its person did not want is not', () => {
  for (const [state, told] of [
    ['interrupted', ['report.csv']],
    ['cancelled', []],
    ['completed', []],
  ] as const) {
    const item = new Item(['app://gongwei/files/abc']);
    const { lost } = announce(item);
    item.emit('done', {}, state);
    expect(lost).toEqual(told);
  }
});
