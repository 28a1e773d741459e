/** A door lock of IoT Video (document 001): a bolt with a motor, a battery, temporary passwords, and what it says of them. */
export { lockProduct } from './lock-product.ts';
export type { LockKind } from './lock-product.ts';
export { LOCK_PROPERTIES, UNLOCK_REMOTE } from './model.ts';
export { passwordAt } from './temporary-password.ts';
