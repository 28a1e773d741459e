import { SINGLE_KEY_MS } from '#shared/domain/scan/index.ts';
import { type TextFieldAdapter, adaptTextField } from './text-field-adapter.ts';
import { discarded, EMPTY_BUFFER, nextSettleAtMs, type ScanOptions, settle, typeKey } from './scan-buffer.ts';
import type { ScanEffect, ScanKey } from './scan-effect.ts';

export interface ScannerOptions {
  /** Its keys are handled in the capture phase, before all other listeners of the page. */
  readonly window: Window;
  /** The element that shows what is being scanned; it gets the focus back whenever it went elsewhere. */
  readonly field: HTMLElement;
  /** The text field that is filled in at present, if there is one; it has the focus. */
  readonly textField?: () => HTMLInputElement | null;
  readonly digits: () => boolean;
  /** Letters that are commands at present, in lower case. */
  readonly letters?: () => string;
  readonly onText: (text: string) => void;
  /** The text of this text field. */
  readonly onFieldText?: (text: string, field: HTMLInputElement) => void;
  readonly onEffect: (effect: ScanEffect) => void;
  /** A scan may be in progress whose beginning this page did not receive: the first keys may be its rest. */
  readonly maybeInScan?: boolean;
  readonly onCapsLock: (on: boolean) => void;
}

export interface Scanner {
  /** Switches to the text field that `textField` returns now, or to none. */
  follow(): void;
  close(): void;
}

/**
 * Receives every key of the window in the capture phase and keeps the focus on the field. The buffer is here and not
 * in the field: an overlay, a click or a dialog of the browser may take the focus in the middle of a scan, and the
 * line still arrives whole. Only a text field has its own text: an input method needs that.
 */
export function listenToScanner(options: ScannerOptions): Scanner {
  const { window, field } = options;
  const { document } = window;
  const closing = new AbortController();
  const sinceMs = window.performance.now();
  const wholeFromMs = options.maybeInScan === true ? sinceMs + SINGLE_KEY_MS : Number.NEGATIVE_INFINITY;
  const onEffect = (effect: ScanEffect): void => {
    for (const one of withoutRests(effect, wholeFromMs)) {
      const isScan = one.kind === 'line' || one.kind === 'typed-text';
      options.onEffect(isScan ? { ...one, listeningMs: Math.max(0, one.firstKeyAtMs - sinceMs) } : one);
    }
  };
  let buffer = EMPTY_BUFFER;
  let adapter: TextFieldAdapter | null = null;
  let timer: number | undefined;

  const scanOptions = (): ScanOptions => ({
    digits: options.digits(),
    letters: options.letters?.() ?? '',
  });
  const plan = (): void => {
    window.clearTimeout(timer);
    const atMs = adapter === null ? nextSettleAtMs(buffer, scanOptions()) : adapter.nextSettleAtMs();
    if (atMs !== null) timer = window.setTimeout(onTime, Math.max(0, atMs - window.performance.now()) + 1);
  };
  const take = (next: typeof buffer, effects: readonly ScanEffect[]): void => {
    const changed = next.text !== buffer.text;
    buffer = next;
    if (changed) options.onText(buffer.text);
    for (const effect of effects) onEffect(effect);
    follow();
    plan();
  };
  function onTime(): void {
    const nowMs = window.performance.now();
    if (adapter === null) {
      const settled = settle(buffer, nowMs, scanOptions());
      take(settled.buffer, settled.effects);
    } else {
      adapter.settle(nowMs);
      plan();
    }
  }

  /** A line ends in the field in which it began, also a key that may be the first of a line. */
  function follow(): void {
    const next = options.textField?.() ?? null;
    const busy = adapter === null && (buffer.text !== '' || buffer.single !== null);
    if (busy || next === (adapter?.field ?? null)) return;
    const half = adapter?.halfScan(window.performance.now()) ?? null;
    const cut = half !== null && half.text !== '';
    if (cut && adapter !== null) options.onFieldText?.('', adapter.field);
    else adapter?.discarded().forEach(onEffect);
    adapter =
      next === null || cut
        ? null
        : adaptTextField({
            field: next,
            before: half ?? buffer,
            onText: (text, field) => options.onFieldText?.(text, field),
            onEffect,
          });
    // The field was removed in the middle of a scan: the rest of the scan goes to the buffer and to no other field.
    if (adapter === null && half !== null)
      take({ ...EMPTY_BUFFER, scannerEnds: buffer.scannerEnds, ...half }, []);
    refocus();
    plan();
  }

  const onKey = (event: KeyboardEvent): void => {
    // The input method delivers this key as text.
    if (event.isComposing || event.keyCode === 229) return;
    options.onCapsLock(event.getModifierState('CapsLock'));
    follow();
    const modified = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
    // timeStamp is the time of the key press, not of the listener's call.
    const key: ScanKey = { key: event.key, atMs: event.timeStamp, repeat: event.repeat, modified };
    const typed = adapter === null ? typeKey(buffer, key, scanOptions()) : null;
    if (typed?.taken ?? adapter?.onKey(key) ?? false) {
      event.preventDefault();
      event.stopPropagation();
    }
    if (typed !== null) take(typed.buffer, typed.effects);
    plan();
  };

  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text') ?? '';
    if (text === '' || (adapter !== null && event.target === adapter.field)) return;
    event.preventDefault();
    const atMs = window.performance.now();
    const [first = '', ...rest] = text.split(/\r?\n/);
    let line = buffer.text + first;
    const effects: ScanEffect[] = [];
    for (const next of rest) {
      if (line !== '')
        effects.push({
          kind: 'line',
          text: line,
          firstKeyAtMs: atMs,
          lastKeyAtMs: atMs,
          directlyAfterLine: false,
          ended: true,
        });
      line = next;
    }
    // Pasted text ends with Enter only.
    const pasted = { text: line, firstKeyAtMs: atMs, lastKeyAtMs: atMs, slowestMs: Number.POSITIVE_INFINITY };
    take({ ...EMPTY_BUFFER, scannerEnds: buffer.scannerEnds, ...pasted }, effects);
  };

  const onInput = (event: Event): void => {
    if (adapter === null || event.target !== adapter.field || (event as InputEvent).isComposing) return;
    adapter.onInput(event.timeStamp, event.type === 'compositionend');
    plan();
  };

  const refocus = (): void => {
    const wanted = adapter?.field ?? field;
    if (document.activeElement !== wanted) wanted.focus({ preventScroll: true });
  };
  const refocusSoon = (): void => queueMicrotask(refocus);

  const { signal } = closing;
  window.addEventListener('keydown', onKey, { capture: true, signal });
  // The browser clicks a focused button on keyup of Space: only the scanner receives keys.
  window.addEventListener('keyup', (event) => event.stopPropagation(), { capture: true, signal });
  window.addEventListener('paste', onPaste, { capture: true, signal });
  for (const kind of ['input', 'compositionend'])
    window.addEventListener(kind, onInput, { capture: true, signal });
  for (const kind of ['focus', 'click']) window.addEventListener(kind, refocusSoon, { signal });
  for (const kind of ['focusin', 'focusout', 'visibilitychange'])
    document.addEventListener(kind, refocusSoon, { signal });
  refocus();

  return {
    follow,
    close() {
      closing.abort();
      window.clearTimeout(timer);
    },
  };
}

/** Replaces an effect that began before the page received all keys: it may be the rest of a scan. */
function withoutRests(effect: ScanEffect, wholeFromMs: number): readonly ScanEffect[] {
  if (effect.kind === 'line') {
    if (effect.firstKeyAtMs >= wholeFromMs) return [effect];
    return [...discarded(effect), { kind: 'cut', text: effect.text }];
  }
  if (effect.kind === 'typed-text' || effect.kind === 'discarded') return [effect];
  return 'atMs' in effect && effect.atMs < wholeFromMs ? [{ kind: 'cut', text: null }] : [effect];
}
