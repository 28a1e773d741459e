import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { expect, test } from 'vitest';
import { Session } from '#shared/rpc/index.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';
import type { Clock } from '../../../../station/core/platform/index.ts';
import { sendToRunningStation } from '../../../../station/administration/control-socket/index.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { openReopenable } from '../../../kit/reopenable.ts';
import { startStation, TEST_PIN } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { faultOf } from '../../../support/fault-of.ts';
import { soon } from '../../../support/patience.ts';

const ME = { role: 'engineer', user: '陈静' } as const;
/** The time in which the reply to the call reaches its page. */
const REPLY_MS = 100;

/** A clock whose next wait for a reply ends when the test says so. */
function heldClock(
  clock: Clock,
  hold: { isNext: boolean },
  reached: () => void,
  mayEnd: Promise<void>,
): Clock {
  return {
    nowMs: () => clock.nowMs(),
    monotonicMs: () => clock.monotonicMs(),
    sleep(ms, signal) {
      if (ms !== REPLY_MS || !hold.isNext) return clock.sleep(ms, signal);
      hold.isNext = false;
      reached();
      return mayEnd;
    },
  };
}

test('no work begins between the decision that a station is opened again and its opening', async () => {
  await using stack = new AsyncDisposableStack();
  const setup = stack.use(
    await startStation({
      units: simulated(1),
      registry: 'real',
      recipe: moduleRecipe(),
      users: { 陈静: 'engineer', 李伟: 'support' },
    }),
  );
  const { dataDir, batchId } = setup;
  await setup.close();
  const atWait = Promise.withResolvers<void>();
  const mayClose = Promise.withResolvers<void>();
  const hold = { isNext: false };
  const whileClosed: (string | null)[] = [];
  let openings = 0;
  const opened = stack.use(
    await openReopenable(
      dataDir,
      ({ clock }) => {
        openings += 1;
        // The station is closed now; another program tries to take its data.
        if (openings === 2) whileClosed.push(takeData(dataDir));
        return { ...setup.units.platform, clock: heldClock(clock, hold, atWait.resolve, mayClose.promise) };
      },
      { slots: setup.units.slots, control: true },
    ),
  );
  // Also when the test fails meanwhile.
  stack.defer(() => mayClose.resolve());
  const session = new Session({ role: 'operator', user: 'operator' });
  const page = opened.page(session);
  await page.call('session.signIn', { name: '陈静', pin: TEST_PIN });
  const backup = await page.call('backups.make', {});
  const { station } = opened;
  const first = station.current;
  const unit = { batchId, serialNumber: setup.units.serialOf(1), operator: 'Li', slot: 1 };

  hold.isNext = true;
  await page.call('station.reopen', {});
  await atWait.promise;
  const restore = {
    name: backup.name,
    reason: 'as an attacker would',
    approver: '李伟',
    approverPin: TEST_PIN,
    passphrase: null,
  };
  const attempts: Record<string, () => unknown> = {
    'start by the host or an arrival': () => first.startUnit(unit),
    'use of a slot by support': () => first.slots.acquire(1),
    scan: () => page.call('slots.scan', { text: unit.serialNumber ?? '' }),
    'dry run': () => page.call('dryRuns.start', { of: { draftId: 'any' }, unit: 'at-module' }),
    export: () => page.call('reports.export', { batchId, format: 'csv' }),
    upload: () => station.receiveUpload('a.csv', 1, Readable.from([Buffer.from('a')]), ME, soon()),
    drain: () => page.call('sync.drain', {}),
    'second opening': () => page.call('station.reopen', {}),
    restore: () => page.call('backups.restore', restore),
  };
  const codes: Record<string, string> = {};
  for (const [name, attempt] of Object.entries(attempts)) codes[name] = (await faultOf(attempt)).code;
  expect(codes).toEqual(Object.fromEntries(Object.keys(attempts).map((name) => [name, 'station-closing'])));
  const request = { do: 'remove-user', name: '李伟', by: ME } as const;
  expect((await faultOf(() => sendToRunningStation(dataDir, request))).code).toBe('station-closing');
  // A page that only reads is answered as before.
  expect((await page.call('backups.list', {})).backups.length).toBeGreaterThan(0);

  mayClose.resolve();
  const again = await opened.reopenedAfter(first);
  expect(whileClosed).toEqual(['data-busy']);
  expect(again.database.runs.count()).toBe(0);
  expect(existsSync(join(dataDir, 'uploads'))).toBe(false);
  expect(existsSync(join(dataDir, 'exports')) ? readdirSync(join(dataDir, 'exports')) : []).toEqual([]);
  expect(again.access.users().map(({ name }) => name)).toContain('李伟');
  // The station that is open now starts units.
  expect((await again.startUnit(unit).finished).outcome).toBe('PASS');
  await station.close();
  expect(takeData(dataDir)).toBe(null);
});

/** The code of the fault with which the data directory is refused; null when it could be opened. */
function takeData(dataDir: string): string | null {
  try {
    openStationDatabase(dataDir).close();
    return null;
  } catch (error) {
    return (error as { code?: string }).code ?? 'no fault';
  }
}
