import { controlCodeIn } from './control-code.ts';
import { EMPTY_LINE, type FieldLine, keyInField, nextFieldSettleAtMs, settleField } from './field-line.ts';
import { LONE_MS, type ScanEffect, type ScanKey } from './scan-buffer.ts';

/** A field that is written in by hand, by an input method and by a scanner, all with the same keyboard. */
export interface Pen {
  readonly field: HTMLInputElement;
  /** True when the browser must not act on the key. */
  onKey(key: ScanKey): boolean;
  /** The browser has written something. `composed`: by an input method. */
  onInput(atMs: number, composed: boolean): void;
  settle(nowMs: number): void;
  /** When `settle` is worth calling next. */
  nextSettleAtMs(): number | null;
  /** What a scanner was in the middle of typing, for whoever hears the rest. */
  halfScan(nowMs: number): string;
}

export interface PenOptions {
  readonly field: HTMLInputElement;
  readonly onText: (text: string) => void;
  readonly onEffect: (effect: ScanEffect) => void;
}

export function takePen({ field, onText, onEffect }: PenOptions): Pen {
  let line: FieldLine = { ...EMPTY_LINE, text: field.value, byHand: field.value !== '' };

  function take(next: FieldLine, effects: readonly ScanEffect[]): void {
    line = next;
    if (field.value !== line.text) field.value = line.text;
    onText(line.text);
    for (const effect of effects) onEffect(effect);
    // What is written next takes the place of what was sent, unless somebody corrects it.
    if (effects.some(({ kind }) => kind === 'written')) field.select();
  }

  return {
    field,
    onKey(key) {
      const typed = keyInField({ ...line, text: field.value }, key);
      take(typed.line, typed.effects);
      return typed.taken;
    },
    onInput(atMs, composed) {
      const found = controlCodeIn(field.value);
      if (found === null) {
        const written = { ...line, text: field.value, byHand: line.byHand || composed };
        take(composed ? { ...written, lastAtMs: atMs } : written, []);
      } else {
        const { before, code } = found;
        take({ text: before, lastAtMs: atMs, byHand: before !== '', ended: true }, [
          { kind: 'line', text: code },
        ]);
      }
    },
    settle(nowMs) {
      if (field.value !== line.text) return;
      const settled = settleField(line, nowMs);
      if (settled.effects.length > 0) take(settled.line, settled.effects);
    },
    nextSettleAtMs: () => nextFieldSettleAtMs(line),
    halfScan: (nowMs) => (!line.byHand && nowMs - line.lastAtMs < LONE_MS ? line.text : ''),
  };
}
