/** A door lock of IoT Video (document 001): bolt, motor, battery, temporary passwords and their events. */
export { lockProduct } from './lock-product.ts';
export type { LockKind } from './lock-product.ts';
export { LOCK_PROPERTIES, UNLOCK_REMOTE } from './model.ts';
export { passwordAt } from './temporary-password.ts';
