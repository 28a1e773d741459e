import { SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { controlCodeIn } from './control-code.ts';
import {
  changeField,
  EMPTY_LINE,
  type FieldLine,
  keyInField,
  nextFieldSettleAtMs,
  settleField,
} from './field-line.ts';
import { discarded } from './scan-buffer.ts';
import type { ScanEffect, ScanKey } from './scan-effect.ts';

/** A text field that a person, an input method and a scanner fill with the same keyboard. */
export interface TextFieldAdapter {
  readonly field: HTMLInputElement;
  /** True when the browser must not act on the key. */
  onKey(key: ScanKey): boolean;
  /** The browser has changed the text. `composed`: by an input method. */
  onInput(atMs: number, composed: boolean): void;
  settle(nowMs: number): void;
  /** When `settle` must be called next. */
  nextSettleAtMs(): number | null;
  /** The scan that is in progress, or the last one that ended, for the receiver of its rest. */
  halfScan(nowMs: number): HalfScan;
  /** What is reported to the station when the field is removed with its text. */
  discarded(): readonly ScanEffect[];
}

/** A scan that began in one field and goes on in another. */
export type HalfScan = Pick<
  FieldLine,
  'text' | 'firstKeyAtMs' | 'lastKeyAtMs' | 'directlyAfterLine' | 'ended'
>;

export interface TextFieldOptions {
  readonly field: HTMLInputElement;
  /** The end of a scan that went to another field. */
  readonly before: Pick<FieldLine, 'lastKeyAtMs' | 'ended' | 'directlyAfterLine'>;
  readonly onText: (text: string, field: HTMLInputElement) => void;
  readonly onEffect: (effect: ScanEffect) => void;
}

export function adaptTextField({ field, before, onText, onEffect }: TextFieldOptions): TextFieldAdapter {
  let line: FieldLine = {
    ...EMPTY_LINE,
    lastKeyAtMs: before.lastKeyAtMs,
    ended: before.ended,
    directlyAfterLine: before.directlyAfterLine && field.value === '',
    text: field.value,
    typedByPerson: field.value !== '',
  };

  function take(next: FieldLine, effects: readonly ScanEffect[]): void {
    line = next;
    if (field.value !== line.text) field.value = line.text;
    onText(line.text, field);
    for (const effect of effects) onEffect(effect);
    // The next input replaces the text that was sent, unless a person edits it.
    if (effects.some(({ kind }) => kind === 'typed-text')) field.select();
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
        const changed = changeField(line, field.value, atMs, composed);
        take(changed.line, changed.effects);
      } else {
        const { before, code } = found;
        const firstKeyAtMs = line.text === '' ? atMs : line.firstKeyAtMs;
        const times = { firstKeyAtMs, lastKeyAtMs: atMs, directlyAfterLine: line.directlyAfterLine };
        take({ ...EMPTY_LINE, ...times, text: before, typedByPerson: before !== '', ended: true }, [
          { kind: 'line', text: code, ...times, ended: true },
        ]);
      }
    },
    settle(nowMs) {
      if (field.value !== line.text) return;
      const settled = settleField(line, nowMs);
      if (settled.effects.length > 0) take(settled.line, settled.effects);
    },
    nextSettleAtMs: () => nextFieldSettleAtMs(line),
    halfScan(nowMs) {
      const { text, firstKeyAtMs, lastKeyAtMs, directlyAfterLine, ended } = line;
      const half = !line.typedByPerson && nowMs - lastKeyAtMs < SINGLE_KEY_MS ? text : '';
      return { text: half, firstKeyAtMs, lastKeyAtMs, directlyAfterLine, ended };
    },
    discarded: () => discarded(line),
  };
}
