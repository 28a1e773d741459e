import {
  EMPTY_BUFFER,
  nextSettleAtMs,
  type ScanEffect,
  type ScanOptions,
  settle,
  typeKey,
} from './scan-buffer.ts';

export interface ScannerOptions {
  /** Where the keys are heard, before anything on the page hears them. */
  readonly window: Window;
  /** The element that shows what is being scanned; it gets the focus back whenever it went elsewhere. */
  readonly field: HTMLElement;
  readonly digits: () => boolean;
  /** Letters that are commands at present, in lower case. */
  readonly letters?: () => string;
  readonly onText: (text: string) => void;
  readonly onEffect: (effect: ScanEffect) => void;
  readonly onCapsLock: (on: boolean) => void;
}

export interface Scanner {
  close(): void;
}

/**
 * Hears every key of the window in the capture phase and keeps the focus on the field. The buffer lives here and not
 * in the field: an overlay, a click or a dialog of the browser may take the focus in the middle of a scan, and the
 * line still arrives whole.
 */
export function listenToScanner(options: ScannerOptions): Scanner {
  const { window, field } = options;
  const { document } = window;
  const over = new AbortController();
  let buffer = EMPTY_BUFFER;
  let timer: number | undefined;

  const scanOptions = (): ScanOptions => ({
    digits: options.digits(),
    letters: options.letters?.() ?? '',
  });
  const plan = (): void => {
    window.clearTimeout(timer);
    const atMs = nextSettleAtMs(buffer, scanOptions());
    if (atMs !== null) timer = window.setTimeout(onTime, Math.max(0, atMs - window.performance.now()) + 1);
  };
  const take = (next: typeof buffer, effects: readonly ScanEffect[]): void => {
    const changed = next.text !== buffer.text;
    buffer = next;
    if (changed) options.onText(buffer.text);
    for (const effect of effects) options.onEffect(effect);
    plan();
  };
  function onTime(): void {
    const settled = settle(buffer, window.performance.now(), scanOptions());
    take(settled.buffer, settled.effects);
  }

  const onKey = (event: KeyboardEvent): void => {
    options.onCapsLock(event.getModifierState('CapsLock'));
    const modified = (event.ctrlKey || event.metaKey || event.altKey) && !event.getModifierState('AltGraph');
    // timeStamp is when the key was pressed, not when the page found time for it.
    const typed = typeKey(
      buffer,
      { key: event.key, atMs: event.timeStamp, repeat: event.repeat, modified },
      scanOptions(),
    );
    if (typed.taken) {
      event.preventDefault();
      event.stopPropagation();
    }
    take(typed.buffer, typed.effects);
  };

  const onPaste = (event: ClipboardEvent): void => {
    const text = event.clipboardData?.getData('text') ?? '';
    if (text === '') return;
    event.preventDefault();
    const [first = '', ...rest] = text.split(/\r?\n/);
    let line = buffer.text + first;
    const effects: ScanEffect[] = [];
    for (const next of rest) {
      if (line !== '') effects.push({ kind: 'line', text: line });
      line = next;
    }
    take({ text: line, lastAtMs: window.performance.now(), ended: false }, effects);
  };

  const refocus = (): void => {
    if (document.activeElement !== field) field.focus({ preventScroll: true });
  };
  const refocusSoon = (): void => queueMicrotask(refocus);

  const { signal } = over;
  window.addEventListener('keydown', onKey, { capture: true, signal });
  // The browser clicks a focused button on keyup of Space: nothing but the scanner hears keys.
  window.addEventListener('keyup', (event) => event.stopPropagation(), { capture: true, signal });
  window.addEventListener('paste', onPaste, { capture: true, signal });
  window.addEventListener('focus', refocusSoon, { signal });
  window.addEventListener('click', refocusSoon, { signal });
  document.addEventListener('focusin', refocusSoon, { signal });
  document.addEventListener('visibilitychange', refocusSoon, { signal });
  field.addEventListener('blur', refocusSoon, { signal });
  refocus();

  return {
    close() {
      over.abort();
      window.clearTimeout(timer);
    },
  };
}
