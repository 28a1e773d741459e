import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { NO_PTYS_VARIABLE } from '#node-kit/host-system/index.ts';
import { ensureBundle } from '../../scripts/lib/bundles.ts';
import { sharedBrowser } from '../kit/browser.ts';
import { startCommand } from '../kit/command-line.ts';
import { addPressKey } from '../kit/press-key.ts';
import { scanKeys, scannedLine } from '../kit/scan-keys.ts';
import { LONG } from '../support/depth.ts';
import { argumentsOf, childrenOf, terminalsOf } from '../support/processes.ts';
import { tempDir } from '../support/temp-dir.ts';

const WITHOUT_PTYS = { [NO_PTYS_VARIABLE]: '1' };
const SAID = `simulated units are reached over TCP: ${NO_PTYS_VARIABLE}=1 forbids pseudo-terminals`;
/** Three processes start one after the other. */
const UP_WITHIN_MS = 120_000;

const occurrences = (text: string, part: string): number => text.split(part).length - 1;

/** What Windows is like: no system call is replaced, only the choice of ports. */
describe('where there are no pseudo-terminals', () => {
  it.runIf(LONG)(
    'the demo runs whole, Bluetooth included, and says once why its ports are TCP ports',
    async () => {
      using dir = tempDir('demo-tcp');
      const args = ['demo', '--units', '3', '--slots', '2', '--data', dir.path, '--json'];
      await using demo = startCommand(args, WITHOUT_PTYS);
      await demo.event('run.phase', () => true, UP_WITHIN_MS);
      const simulators = childrenOf(demo.pid).filter((pid) => argumentsOf(pid).includes('sim'));
      expect(simulators.map((pid) => terminalsOf(pid))).toEqual([[]]);
      const { status, events, stderr } = await demo.ended;
      expect(events.at(-1)).toMatchObject({
        event: 'demo.finished',
        units: 3,
        passed: 1,
        failed: 2,
        bleTested: 1,
        reissued: 1,
        mismatches: 0,
      });
      expect(status).toBe(0);
      expect(occurrences(stderr, SAID)).toBe(1);
    },
  );

  // The demo above opens the same sample line; this adds the pages.
  it.runIf(LONG)('the sample line of "start" takes a scan to its PASS', async () => {
    await ensureBundle('pages');
    using dir = tempDir('start-tcp');
    const args = [
      'start',
      '--browser',
      '--no-open',
      '--slots',
      '1',
      '--data',
      join(dir.path, '数据 a'),
      '--json',
    ];
    await using start = startCommand(args, WITHOUT_PTYS);
    const { url } = await start.event('kiosk.listening', () => true, UP_WITHIN_MS);
    const context = await (await sharedBrowser()).newContext();
    try {
      const page = await context.newPage();
      await addPressKey(page);
      await page.goto(String(url));
      await page.waitForSelector('[data-testid="slot-1"][data-state="ready"]');
      await scanKeys(page, scannedLine('SN000001'));
      await page.waitForSelector('[data-testid="slot-1"][data-outcome="PASS"]');
    } finally {
      await context.close();
    }
    start.signal('SIGTERM');
    const { status, stderr } = await start.ended;
    expect(status).toBe(0);
    expect(occurrences(stderr, SAID)).toBe(1);
  });

  it('the adapter and the relay board are at TCP addresses, and a program ends with its standard input', async () => {
    const args = ['sim', 'units', '--ble', '--board', 'lcus', '--until-stdin-closes', '--json'];
    await using sim = startCommand(args, WITHOUT_PTYS);
    const address = { path: expect.stringMatching(/^tcp:\/\/127\.0\.0\.1:\d+$/) as string };
    expect(await sim.event('sim.listening')).toMatchObject(address);
    expect(await sim.event('sim.board')).toMatchObject(address);
    expect(await sim.event('sim.air')).toMatchObject(address);
    expect(await sim.event('sim.ports')).toEqual({
      event: 'sim.ports',
      kind: 'tcp',
      reason: `${NO_PTYS_VARIABLE}=1 forbids pseudo-terminals`,
    });
    // As on Windows, whose signals end a program without its clean-up.
    sim.input('');
    expect((await sim.ended).status).toBe(0);
    using dir = tempDir('registry-stdin');
    const serve = ['registry', 'serve', '--data', dir.path, '--until-stdin-closes', '--json'];
    await using registry = startCommand(serve);
    await registry.event('registry.listening');
    registry.input('');
    expect((await registry.ended).status).toBe(0);
  });
});
