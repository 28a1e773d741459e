import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import { unitNameCandidates } from '#shared/domain/scan/index.ts';
import { unitOfLink } from '#shared/domain/unit-link.ts';
import { addressOfUnit, unitOfArguments } from '../../electron/main/deep-link.ts';
import { findForbiddenStart } from '../../electron/main/start-check.ts';
import {
  monitorOf,
  type Monitor,
  NO_STATE,
  parseDesktopState,
  placeWindow,
} from '../../electron/main/window-state.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { playScene } from './play-scene.ts';

beforeAll(async () => {
  await ensureBundle('pages');
  await ensureBundle('electron');
});

const LEFT: Monitor = { id: 1, workArea: { x: 0, y: 0, width: 1920, height: 1040 } };
const RIGHT: Monitor = { id: 2, workArea: { x: 1920, y: -200, width: 2560, height: 1400 } };

describe('the place of a window', () => {
  const size = fc.integer({ min: 1, max: 6000 });
  const offset = fc.integer({ min: -9000, max: 9000 });
  const bounds = fc.record({ x: offset, y: offset, width: size, height: size });
  test('is whole on one monitor, whatever was stored', () => {
    fc.assert(
      fc.property(bounds, fc.subarray([LEFT, RIGHT], { minLength: 1 }), (saved, monitors) => {
        const placed = placeWindow({ bounds: saved, isMaximized: false }, monitors).bounds;
        const on = monitors.find(
          ({ workArea: { x, y, width, height } }) =>
            placed.x >= x &&
            placed.y >= y &&
            placed.x + placed.width <= x + width &&
            placed.y + placed.height <= y + height,
        );
        expect(on).toBeDefined();
        const before = monitorOf(saved, monitors);
        if (before !== null) expect(on).toBe(before);
      }),
    );
  });
  test('is the stored one when it fits', () => {
    const saved = { bounds: { x: 2000, y: -100, width: 1000, height: 700 }, isMaximized: true };
    expect(placeWindow(saved, [LEFT, RIGHT])).toEqual(saved);
  });
  test.each([
    '',
    'null',
    '[]',
    '{"line":7}',
    '{"line":{"bounds":{"x":"a"}}}',
    '{"line":{"bounds":{"x":1e99}}}',
  ])('is that of a first start when the file has %j', (text) =>
    expect(parseDesktopState(text)).toEqual(NO_STATE),
  );
});

describe('a link', () => {
  test.each([
    ['gongwei://unit/SN001', 'SN001'],
    ['GONGWEI://unit/%E4%BA%A7%E5%93%81%201/', '产品 1'],
    ['gongwei://unit/', null],
    ['gongwei://unit/a/b', null],
    ['gongwei://unit/a?x=1', null],
    ['gongwei://unit/a#/station', null],
    ['gongwei://unit/%zz', null],
    ['gongwei://unit/a%0Ab', null],
    ['gongwei://retire/a', null],
    [`gongwei://unit/${'a'.repeat(200)}`, null],
    ['--gongwei://unit/a', null],
  ])('%s names %s', (link, unit) => {
    expect(unitOfLink(link)).toBe(unit);
    if (unit === null) expect(findForbiddenStart([link], {})).not.toBeNull();
    else expect(findForbiddenStart([link, '--kiosk'], {})).toBeNull();
  });
  test('that is scanned from a label names its unit at the returns desk', () => {
    expect(unitNameCandidates('gongwei://unit/SN%2001')).toEqual(['SN 01']);
  });
  test('is the last of the arguments, and leads to the page of its unit by its name alone', () => {
    expect(unitOfArguments(['x', 'gongwei://unit/a', '--kiosk', 'gongwei://unit/b'])).toBe('b');
    expect(addressOfUnit('a/../?#b')).toBe('app://gongwei/#/unit/a%2F..%2F%3F%23b');
  });
});

describe.concurrent('the windows of the built main bundle', () => {
  test('open where they were, and on the monitor that is left', async ({ expect }) => {
    const { 0: line, 1: office } = await playScene<Record<number, object>>('lostMonitor');
    expect(line).toMatchObject({ x: 360, y: 170, width: 1200, height: 700, maximized: true });
    expect(office).toMatchObject({ x: 0, y: 440, width: 900, height: 600, maximized: false });
  });

  test('are two: the second on another monitor, with files of its own, remembered until it is closed', async ({
    expect,
  }) => {
    const seen = await playScene<Record<string, unknown>>('places');
    expect(seen['first']).toMatchObject([{ x: 320, y: 120, maximized: true, at: 'app://gongwei/' }]);
    expect(seen['both']).toMatchObject([{}, { x: 2560, maximized: true, at: 'app://gongwei/#/batches' }]);
    expect(seen['ownFiles']).toEqual(['app']);
    expect(seen['afterResize']).toMatchObject({
      line: { bounds: { x: 10, y: 20, width: 1000, height: 700 }, isMaximized: false },
      isOfficeOpen: true,
    });
    expect(seen['withoutOffice']).toMatchObject({ isOfficeOpen: false });
    expect(await playScene<object>('endsTogether')).toMatchObject({
      quits: true,
      stored: { isOfficeOpen: true },
    });
  });

  test('are one on a locked line with one monitor', async ({ expect }) => {
    const seen = await playScene<Record<number, object>>('kiosk', { args: ['--kiosk'] });
    expect(seen[0]).toMatchObject({ kiosk: true, maximized: false, at: 'app://gongwei/#/batches' });
    expect(seen[1]).toBeUndefined();
  });

  test('show the unit of a link: of the start, of a second start, of the system', async ({ expect }) => {
    const { dataDir: _, ...seen } = await playScene<object>('links', { args: ['gongwei://unit/SN01'] });
    const line = 'app://gongwei/';
    expect(seen).toEqual({
      started: [line, 'app://gongwei/#/unit/SN01'],
      second: [line, 'app://gongwei/#/unit/SN%2002'],
      opened: [line, 'app://gongwei/#/unit/dev_7'],
      afterBad: [line, 'app://gongwei/#/unit/dev_7'],
      focus: 'focus',
    });
  });

  test('have menu, tray and notifications in the language of the station', async ({ expect }) => {
    const seen = await playScene<Record<string, unknown>>('frame');
    expect(seen['before']).toMatchObject({ office: ['文件', '编辑', '显示', '窗口'] });
    expect(seen).toMatchObject({
      after: {
        office: ['File', 'Edit', 'View', 'Window'],
        tray: expect.arrayContaining(['Line window', 'Office window', 'Quit Gongwei']) as unknown,
      },
      lineMenu: null,
      trays: 1,
      whileWatched: 0,
      told: [
        { title: 'Triples are running out', body: 'Product P1 has 12 left. Get more.' },
        { title: 'The firmware was not uploaded', body: 'lamp 1.2' },
      ],
      printed: 1,
    });
  });
});
