/** Toasts: short messages in the corner of a page of the back office. */
export { type ShownToast, showToast, type Toast, useToasts } from './toasts.ts';
