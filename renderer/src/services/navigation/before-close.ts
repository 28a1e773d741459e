import type { InjectionKey } from 'vue';

/** Runs `close` at once when nothing is unsaved, else after the user has agreed to discard it. */
export type BeforeClose = (close: () => void) => void;
/** Provided by components with unsaved input, for the dialogs in them. */
export const BEFORE_CLOSE: InjectionKey<BeforeClose> = Symbol('before close');
