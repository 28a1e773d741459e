import { expect, it } from 'vitest';
import type { ScanDispatcher } from '../../../../station/execution/slots/scan-dispatcher.ts';
import { slotHandlers } from '../../../../station/execution/slots/handlers.ts';
import type { Slots } from '../../../../station/execution/slots/slots.ts';
import type { CallContext } from '#shared/rpc/index.ts';

/** Who is recorded with a scan and a stop of this caller. */
function recordedFor(by: CallContext['by']): unknown[] {
  const recorded: unknown[] = [];
  const scans = {
    isAnswer: () => false,
    scan: (_text: string, _pressed: unknown, operator: string) => recorded.push(operator),
  } as unknown as ScanDispatcher;
  const slots = {
    stop: (_slot: number | null, reason: { message: string }) => (recorded.push(reason.message), []),
  } as unknown as Slots;
  const handlers = slotHandlers({
    scans,
    slots,
    prompts: { answerPhoto: () => undefined },
    uploads: { take: () => ({ paths: [], [Symbol.dispose]: () => undefined }) },
    access: { trySignInByBadge: () => null, countBadgeGuess: () => undefined },
  });
  const context = { by, lateMs: 0 } as CallContext;
  void handlers['slots.scan']({ text: 'SN000001' }, context);
  void handlers['slots.stop']({ slot: null }, context);
  return recorded;
}

it('records a run for the operator who has signed in, and never for an engineer at another page', () => {
  expect(recordedFor({ user: 'Wang', role: 'operator' })).toEqual(['Wang', 'stopped by Wang']);
  expect(recordedFor({ user: 'Ana', role: 'engineer' })).toEqual(['operator', 'stopped by the operator']);
  expect(recordedFor({ user: 'Li', role: 'support' })).toEqual(['operator', 'stopped by the operator']);
});
