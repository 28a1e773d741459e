/** Who may sit at this station as what: people, their PINs, signing in and out, and going back to the operator when nobody is there. */
export { createAccess, type Access, type AccessParts } from './access.ts';
export { hashPin, verifyPin } from './pin.ts';
