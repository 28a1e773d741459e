/** Toasts: short messages in the corner of a page of the admin shell. */
export { type ShownToast, showToast, type Toast, useToasts } from './toasts.ts';
