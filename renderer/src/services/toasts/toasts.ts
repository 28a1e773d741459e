import { shallowRef, type ShallowRef } from 'vue';

export type ToastTone = 'neutral' | 'good' | 'warn' | 'bad' | 'work';
export interface Toast {
  readonly text: string;
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
const toasts = shallowRef<readonly ShownToast[]>([]);
let lastId = 0;

/** Shows a message in the corner for a few seconds. Use a `UiNotice` for messages that must not be missed. */
export function showToast(toast: Toast): void {
  toasts.value = [...toasts.value, { ...toast, id: (lastId += 1) }].slice(-MAX_SHOWN);
}

/** The toasts that are shown, oldest first. For `UiToaster`. */
export function useToasts(): {
  readonly shown: ShallowRef<readonly ShownToast[]>;
  close(id: number): void;
  clear(): void;
} {
  return {
    shown: toasts,
    clear: () => (toasts.value = []),
    close: (id) => (toasts.value = toasts.value.filter((toast) => toast.id !== id)),
  };
}
