import fc from 'fast-check';
import { LINE_END_MS } from '#shared/domain/scan/index.ts';
import {
  EMPTY_BUFFER,
  nextSettleAtMs,
  type ScanBuffer,
  settle,
  typeKey,
} from '../../../renderer/src/services/scanner/scan-buffer.ts';
import type { ScanEffect, ScanKey } from '../../../renderer/src/services/scanner/scan-effect.ts';
import { withoutTimes } from './without-times.ts';

export const line = (text: string, ended = true): object => ({ kind: 'line', text, ended });
export const discarded = (text: string): object => ({ kind: 'discarded', text });

/**
 * A keyboard under test: it passes keys with their times to the buffer and collects the effects. `timers`: also calls
 * `settle` when due.
 */
export function keyboard(timers: boolean) {
  let buffer: ScanBuffer = EMPTY_BUFFER;
  let nowMs = 0;
  let digits = false;
  let letters = '';
  const effects: ScanEffect[] = [];

  function advance(ms: number): void {
    nowMs += ms;
    const atMs = nextSettleAtMs(buffer, { digits, letters });
    if (!timers || atMs === null || atMs > nowMs) return;
    const settled = settle(buffer, atMs, { digits, letters });
    buffer = settled.buffer;
    effects.push(...settled.effects);
  }
  function press(key: string, options: Partial<ScanKey> = {}): boolean {
    const typed = typeKey(
      buffer,
      { key, atMs: nowMs, repeat: false, modified: false, ...options },
      { digits, letters },
    );
    buffer = typed.buffer;
    effects.push(...typed.effects);
    return typed.taken;
  }
  return {
    effects,
    get plain() {
      return effects.map(withoutTimes);
    },
    advance,
    press,
    set digits(on: boolean) {
      digits = on;
    },
    set letters(on: string) {
      letters = on;
    },
    get text() {
      return buffer.text;
    },
    type(text: string, gapMs = 5): void {
      for (const char of text) {
        press(char);
        advance(gapMs);
      }
    },
    /** Waits until nothing depends on time, also without timers. */
    rest(): void {
      advance(LINE_END_MS + 1);
      const settled = settle(buffer, nowMs, { digits, letters });
      buffer = settled.buffer;
      effects.push(...settled.effects);
    },
  };
}

/** The text of a label of two characters or more. */
export const label = fc
  .string({
    unit: fc.constantFrom(...'ABCXYZabc0123456789 -_:;,.#/+=工位三元组'),
    minLength: 2,
    maxLength: 40,
  })
  .filter((text) => text.trim() !== '');
