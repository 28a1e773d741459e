import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { UNENDED_MS } from '#shared/domain/scan/index.ts';
import { discarded, keyboard, label, line } from './support/scan-keyboard.ts';

describe('a scan after leftover keys', () => {
  it.each([
    ['two bumped keys', 'jk', 400],
    ['a slow scan without a line end', 'SN000001', 100],
    ['an incomplete line of a person', 'sn00', 250],
  ])('is read without %s before it', (_what, leftover, gapMs) => {
    const keys = keyboard(true);
    keys.type('SN000007', 8);
    keys.press('Enter');
    keys.rest();
    keys.type(leftover, gapMs);
    keys.advance(1_500);
    keys.type('SN000002', 8);
    keys.press('Enter');
    keys.rest();
    const lines = keys.plain.filter((effect) => 'text' in effect);
    const reported = leftover.length < 3 ? [] : [discarded(leftover)];
    expect(lines).toEqual([line('SN000007'), ...reported, line('SN000002')]);
    expect(keys.plain).toContainEqual({ kind: 'cleared', by: 'time' });
  });

  it('reports the times of the leftover keys, independent of the keys after them', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 100);
    const before = keys.effects.length;
    keys.advance(1_500);
    keys.type('SN000002', 8);
    const reported = keys.effects.slice(before).find(({ kind }) => kind === 'discarded');
    expect(reported).toMatchObject({ text: 'SN000001', firstKeyAtMs: 0, lastKeyAtMs: 700 });
  });

  it('reports a text that a person deletes key by key once', () => {
    const keys = keyboard(true);
    keys.type('SN01', 50);
    for (let press = 0; press < 3; press++) keys.press('Backspace');
    keys.type('N02', 50);
    keys.press('Backspace');
    expect(keys.plain).toEqual([discarded('SN01'), discarded('SN02')]);
  });

  it('leftover keys stay when the next keys are typed by a person', () => {
    const keys = keyboard(true);
    keys.type('SN00', 250);
    keys.advance(2_000);
    keys.type('0002', 60);
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000002'));
  });
});

describe('a scanner that sends no line end', () => {
  it('a fast line without line end is accepted after a pause', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 8);
    keys.advance(UNENDED_MS);
    expect(keys.plain).toEqual([line('SN000001', false)]);
    expect(keys.text).toBe('');
  });

  it('is not accepted after a pause if an earlier line ended with Enter', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 8);
    keys.press('Enter');
    keys.rest();
    keys.type('SN0000', 8);
    keys.advance(UNENDED_MS);
    expect(keys.plain.slice(1)).toEqual([{ kind: 'unended' }]);
    keys.type('02', 8);
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000002'));
  });

  it('shows a hint for a slow line, and the line stays', () => {
    const keys = keyboard(true);
    keys.type('SN000001', 90);
    keys.advance(10_000);
    expect(keys.plain).toEqual([{ kind: 'unended' }]);
    expect(keys.text).toBe('SN000001');
    keys.press('Enter');
    expect(keys.plain.at(-1)).toEqual(line('SN000001'));
  });

  it('accepts neither slow typing nor bumped keys after a pause', () => {
    fc.assert(
      fc.property(label, fc.integer({ min: 41, max: 280 }), (text, gapMs) => {
        const keys = keyboard(true);
        keys.type(text, gapMs);
        keys.advance(14_000);
        expect(keys.effects.filter(({ kind }) => kind === 'line')).toEqual([]);
      }),
    );
    const keys = keyboard(true);
    keys.type('ab', 3);
    keys.advance(14_000);
    expect(keys.effects).toEqual([]);
  });

  it('accepts the separators of a GS1 code', () => {
    const keys = keyboard(true);
    keys.type(']d210LOT7', 8);
    keys.press(']', { modified: true });
    keys.type('21ZK1', 8);
    keys.press('Enter');
    expect(keys.plain).toEqual([line(']d210LOT7\u001d21ZK1')]);
  });
});
