import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { OTA_STAGES } from '#shared/domain/ota.ts';
import {
  MAX_ATTEMPTS,
  nextUpdate,
  speedOf,
  type UpdateEvent,
  type UpdateState,
} from '../../../registry/ota/update-state.ts';
import { readProgress } from '../../../registry/ota/read-progress.ts';

const DEADLINE_MS = 100_000;
const NEW: UpdateState = {
  state: 'pending',
  failure: null,
  version: '2.0',
  fromVersion: '1.0',
  attempt: null,
  resultCode: null,
  resultText: '',
  changedMs: 0,
  deadlineMs: DEADLINE_MS,
};
const version = fc.constantFrom('1.0', '2.0', '3.0');
const event: fc.Arbitrary<UpdateEvent> = fc.oneof(
  fc.constant<UpdateEvent>({ kind: 'pushed' }),
  fc.constantFrom<UpdateEvent>({ kind: 'time' }, { kind: 'cancelled' }, { kind: 'superseded' }),
  version.map((one): UpdateEvent => ({ kind: 'version', version: one })),
  fc
    .record({
      state: fc.constantFrom(...OTA_STAGES),
      percent: fc.option(fc.integer({ min: 0, max: 100 })),
      version,
    })
    .map((progress): UpdateEvent => ({ kind: 'progress', progress })),
  fc
    .record({ resultCode: fc.integer({ min: -9, max: 9 }), version })
    .map(({ resultCode, version: of }): UpdateEvent => ({
      kind: 'progress',
      progress: { state: 'fail', resultCode, resultText: '', version: of },
    })),
);
const dialogue = fc.array(fc.record({ event, afterMs: fc.integer({ min: 0, max: 9_000 }) }), {
  maxLength: 60,
});

describe('the update of a device', () => {
  it('ends once, and only as it may, whatever is lost, repeated or out of order', () => {
    fc.assert(
      fc.property(dialogue, (messages) => {
        let [update, nowMs, isCancelled, isSuperseded] = [NEW, 0, false, false];
        for (const { event: one, afterMs } of messages) {
          nowMs += afterMs;
          const before = update;
          update = nextUpdate(before, one, nowMs);
          const has = before.state === 'succeeded' || before.state === 'failed';
          if (has) expect(update).toBe(before);
          // Repeated at once, a message other than a sending changes nothing more.
          if (one.kind !== 'pushed') expect(nextUpdate(update, one, nowMs)).toBe(update);
          isCancelled ||= one.kind === 'cancelled';
          isSuperseded ||= one.kind === 'superseded';
          if (update.state === 'succeeded' && !has)
            expect(one).toEqual({ kind: 'version', version: update.version });
          if (update.state !== before.state && update.state === 'updating')
            expect(one).toMatchObject({ kind: 'progress', progress: { version: update.version } });
          if (before.state === 'updating') expect(update.failure).not.toBe('cancelled');
          if (update.attempt !== null && update.attempt.number === before.attempt?.number) {
            expect(update.attempt.percent ?? 0).toBeGreaterThanOrEqual(before.attempt.percent ?? 0);
            const [now, then] = [update, before].map(({ attempt }) =>
              OTA_STAGES.indexOf(attempt?.stage ?? 'downloading'),
            );
            expect(now).toBeGreaterThanOrEqual(then ?? 0);
          }
          expect(update.attempt?.number ?? 0).toBeLessThanOrEqual(MAX_ATTEMPTS);
          expect(update.failure === null).toBe(update.state !== 'failed');
          expect(update.resultCode !== null).toBe(update.failure === 'device');
          expect(speedOf(update.attempt, 1000) ?? 1).toBeGreaterThanOrEqual(0);
        }
        if (update.failure === 'cancelled') expect(isCancelled).toBe(true);
        if (update.failure === 'superseded') expect(isSuperseded).toBe(true);
        expect(['succeeded', 'failed']).toContain(
          nextUpdate(update, { kind: 'time' }, nowMs + DEADLINE_MS).state,
        );
      }),
    );
  });

  it('succeeds with the version alone when every other message is lost', () => {
    expect(nextUpdate(NEW, { kind: 'version', version: '2.0' }, 1).state).toBe('succeeded');
  });

  it('is not ended by messages of another version', () => {
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        const foreign = events.filter(
          (one) =>
            (one.kind === 'progress' && one.progress.version !== '2.0') ||
            (one.kind === 'version' && one.version !== '2.0'),
        );
        const pushed = nextUpdate(NEW, { kind: 'pushed' }, 1);
        expect(foreign.reduce((update, one) => nextUpdate(update, one, 2), pushed)).toBe(pushed);
      }),
    );
  });
});

describe('report_progress', () => {
  // The messages are those of the SDKs' documents, with texts for numbers.
  it('is read as the SDKs send it', () => {
    const progress = { state: 'downloading', percent: '10', result_code: '0', result_msg: '' };
    expect(readProgress({ progress, version: '0.2' })).toEqual({
      state: 'downloading',
      percent: 10,
      version: '0.2',
    });
    expect(readProgress({ progress: { state: 'burning', result_code: '0' }, version: '0.2' })).toEqual({
      state: 'burning',
      percent: null,
      version: '0.2',
    });
    expect(
      readProgress({ progress: { state: 'fail', result_code: '-4', result_msg: 'md5' }, version: '0.2' }),
    ).toEqual({ state: 'fail', resultCode: -4, resultText: 'md5', version: '0.2' });
  });

  it('never throws, and gives only what an update can take', () => {
    fc.assert(
      fc.property(fc.anything(), (report) => {
        const read = readProgress(report);
        if (read !== null && read.state !== 'fail') expect(OTA_STAGES).toContain(read.state);
      }),
    );
    for (const percent of ['163', -1, 101, 'ten', null, {}])
      expect(readProgress({ progress: { state: 'downloading', percent }, version: '0.2' })).toBeNull();
  });
});
