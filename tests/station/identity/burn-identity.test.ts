import { expect, test } from 'vitest';
import { Fault } from '../../../shared/domain/fault.ts';
import type { DeviceSession } from '../../../station/devices/protocols/index.ts';
import { burnIdentity } from '../../../station/identity/burn-identity.ts';
import type { BoundTriple, Ledger } from '../../../station/identity/ledger.ts';
import { faultOf } from '../../support/fault-of.ts';
import { manualClock } from '../../support/manual-clock.ts';

const BOUND = { tripleId: 1, productId: 'P', deviceName: 'D' } as unknown as BoundTriple;

/** Burns into a device; returns the calls of the ledger. */
function start(
  device: Partial<DeviceSession>,
  signal: AbortSignal,
): { calls: string[]; burned: Promise<void> } {
  const calls: string[] = [];
  const ledger = {
    withSecret: (_bound: unknown, work: (triple: unknown) => unknown) => work({}),
    intend: () => calls.push('intend'),
    confirm: () => calls.push('confirm'),
  } as unknown as Ledger;
  const burned = burnIdentity({
    clock: manualClock(),
    ledger,
    device: { checkWritable: () => undefined, readBack: 'full', ...device } as unknown as DeviceSession,
    unitId: 1,
    chipId: 'A',
    bound: BOUND,
    runId: 'R',
    before: { kind: 'none' },
    note: 'new',
    signal,
  });
  return { calls, burned };
}

const stopped = new Fault('cancelled', 'stopped by the operator');

test('a stop ends the identification of the unit before the intent, and nothing is recorded or written', async () => {
  const stop = new AbortController();
  const { calls, burned } = start(
    {
      identify: (signal) =>
        new Promise((_, reject) => {
          signal.addEventListener('abort', () => reject(signal.reason as Fault), { once: true });
          stop.abort(stopped);
        }),
    },
    stop.signal,
  );
  expect(await faultOf(() => burned)).toBe(stopped);
  expect(calls).toEqual([]);
});

test('a stop that comes with the last answer before the intent ends the work, too', async () => {
  const stop = new AbortController();
  const { calls, burned } = start(
    {
      identify: async () => {
        stop.abort(stopped);
        return { chipId: 'A' } as never;
      },
    },
    stop.signal,
  );
  expect(await faultOf(() => burned)).toBe(stopped);
  expect(calls).toEqual([]);
});

test('a stop after the intent ends neither the write nor the read-back', async () => {
  const stop = new AbortController();
  const seen: boolean[] = [];
  const { calls, burned } = start(
    {
      identify: async () => ({ chipId: 'A' }) as never,
      writeIdentity: async (_triple, signal) => {
        stop.abort(stopped);
        seen.push(signal.aborted);
      },
      readIdentity: async (_expected, signal) => {
        seen.push(signal.aborted);
        return { kind: 'holds', name: { productId: 'P', deviceName: 'D' }, secretMatches: true };
      },
    },
    stop.signal,
  );
  await burned;
  expect(seen).toEqual([false, false]);
  expect(calls).toEqual(['intend', 'confirm']);
});
