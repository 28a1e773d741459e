/** Toasts: short messages in the corner of a page of the back office. */
export { type ShownToast, type Toast, useToasts } from './toasts.ts';
