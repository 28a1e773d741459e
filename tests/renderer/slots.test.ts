import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { SlotView } from '#shared/contract/index.ts';
import { OUTCOMES } from '#shared/domain/outcome.ts';
import { runningSlot, type RunView } from '../../renderer/dev/fixtures/slots.ts';
import { gridShape } from '../../renderer/src/features/operator/grid-shape.ts';
import { newResults } from '../../renderer/src/features/operator/new-results.ts';
import { appearanceOf } from '../../renderer/src/features/operator/slot-appearance.ts';
import { soundFor } from '../../renderer/src/features/operator/sound-for.ts';

const NOW_MS = 1_800_000_000_000;

function slotView(changes: Partial<SlotView>, run: Partial<RunView> = {}): SlotView {
  return { ...runningSlot(1, NOW_MS, run), ...changes };
}

describe('the look of a slot', () => {
  it('never shows a run that did not pass as working, ready or passed', () => {
    for (const outcome of OUTCOMES.filter((one) => one !== 'PASS')) {
      for (const acknowledged of [true, false]) {
        const look = appearanceOf(slotView({ state: 'finished', acknowledged }, { outcome }), 0);
        expect(look).toEqual({ appearance: outcome, waits: !acknowledged, seen: acknowledged });
      }
    }
  });

  it('shows a finished run without an outcome as a fault of the station', () => {
    expect(appearanceOf(slotView({ state: 'finished', acknowledged: false }), 0).appearance).toBe('ERROR');
  });

  it('clears a PASS at its time even when nobody says so', () => {
    const passed = slotView({ state: 'finished', clearsAtMs: NOW_MS + 5_000 }, { outcome: 'PASS' });
    expect(appearanceOf(passed, 4_999).appearance).toBe('PASS');
    expect(appearanceOf(passed, 5_000).appearance).toBe('ready');
    expect(appearanceOf({ ...passed, clearsAtMs: null }, 5_000_000).appearance).toBe('PASS');
  });

  it('tells stopping from working', () => {
    expect(appearanceOf(slotView({ state: 'running' }), 0).appearance).toBe('running');
    expect(appearanceOf(slotView({ state: 'running' }, { stopping: true }), 0).appearance).toBe('stopping');
  });
});

describe('new results', () => {
  const running = slotView({ state: 'running' });
  const failed = slotView({ state: 'finished', acknowledged: false }, { outcome: 'FAIL' });

  it('are heard once, when a run ends', () => {
    expect(newResults([running], [failed])).toEqual([failed]);
    expect(newResults([failed], [failed])).toEqual([]);
  });

  it('are heard when they came while the wire was down, also of a run never seen running', () => {
    const next = slotView({ state: 'finished', acknowledged: true }, { outcome: 'PASS', runId: 'another' });
    expect(newResults([failed], [next])).toEqual([next]);
  });

  it('are none at first sight: what stood there before is old', () => {
    expect(newResults(null, [failed])).toEqual([]);
  });

  it('sound different for the unit, for the station and for a stop', () => {
    expect(new Set(OUTCOMES.map(soundFor))).toEqual(new Set(['pass', 'fail', 'error', 'stopped']));
  });
});

describe('the grid', () => {
  it('has room for every slot and no row or column too many', () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 16 }),
        fc.double({ min: 0.4, max: 4, noNaN: true }),
        (count, aspect) => {
          const { columns, rows } = gridShape(count, aspect);
          expect(columns * rows).toBeGreaterThanOrEqual(count);
          expect((rows - 1) * columns).toBeLessThan(count);
        },
      ),
    );
  });

  it('is even on the screens of a line', () => {
    const wide = 1256 / 588;
    expect([1, 2, 4, 6, 8, 9, 12, 16].map((count) => gridShape(count, wide))).toEqual([
      { columns: 1, rows: 1 },
      { columns: 2, rows: 1 },
      { columns: 2, rows: 2 },
      { columns: 3, rows: 2 },
      { columns: 4, rows: 2 },
      { columns: 3, rows: 3 },
      { columns: 4, rows: 3 },
      { columns: 4, rows: 4 },
    ]);
  });
});
