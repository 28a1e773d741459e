import { useEventListener } from '@vueuse/core';

const MOVES: Readonly<Record<string, string>> = { j: 'ArrowDown', k: 'ArrowUp' };

/** Whether the element takes letters itself, or an open layer has the keyboard. */
export function takesKeys(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  return (
    target.closest('input, textarea, select, [role=dialog], [role=alertdialog], [role=listbox]') !== null
  );
}

/**
 * Keys of a list: j and k go to the next and the previous row, ArrowRight and ArrowLeft to older and newer rows,
 * Ctrl+Home and Ctrl+End to the newest and the oldest. The keys of the rows themselves are those of the table.
 */
export function useListKeys(actions: {
  readonly focusRows: () => void;
  readonly older: () => void;
  readonly newer: () => void;
  readonly newest: () => void;
  readonly oldest: () => void;
}): void {
  function onKey(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.altKey || event.metaKey || takesKeys(event.target)) return;
    const row = event.target instanceof HTMLElement ? event.target.closest('[data-row]') : null;
    const act = event.ctrlKey
      ? { Home: actions.newest, End: actions.oldest }[event.key]
      : { ArrowRight: actions.older, ArrowLeft: actions.newer }[event.key];
    const move = event.ctrlKey ? undefined : MOVES[event.key];
    if (move !== undefined) {
      event.preventDefault();
      if (row === null) actions.focusRows();
      else row.dispatchEvent(new KeyboardEvent('keydown', { key: move, bubbles: true }));
    } else if (act !== undefined) {
      event.preventDefault();
      act();
    }
  }
  // Before the table, which takes Home and End for its rows.
  useEventListener(window, 'keydown', onKey, { capture: true });
}
