import { defineStore } from 'pinia';
import { shallowRef } from 'vue';
import type { Translator } from '../i18n/index.ts';

export type ToastTone = 'neutral' | 'good' | 'warn' | 'bad' | 'work';
export interface Toast {
  /** As a function it follows the language of the page while it is shown. */
  readonly text: string | ((i18n: Translator) => string);
  readonly tone?: ToastTone;
  /** What can be done about it; for "undo", `ui.undo` is its label. The toast closes when it is chosen. */
  readonly action?: { readonly label: string; readonly run: () => void };
  /** How long it stays. A toast that the pointer or the focus is on stays longer. */
  readonly durationMs?: number;
}
export interface ShownToast extends Toast {
  readonly id: number;
}

const MAX_SHOWN = 4;

/** The messages that the corner of the page shows for a few seconds, oldest first; `UiToaster` draws them. */
export const useToasts = defineStore('toasts', () => {
  const shown = shallowRef<readonly ShownToast[]>([]);
  let lastId = 0;

  /** Shows a message. Use a `UiNotice` for messages that must not be missed. */
  function show(toast: Toast): void {
    shown.value = [...shown.value, { ...toast, id: (lastId += 1) }].slice(-MAX_SHOWN);
  }
  function close(id: number): void {
    shown.value = shown.value.filter((toast) => toast.id !== id);
  }
  function clear(): void {
    shown.value = [];
  }
  return { shown, show, close, clear };
});
