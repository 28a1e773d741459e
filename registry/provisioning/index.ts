/** Provisioning tokens, and the owners that devices are bound to with them. */
export { bindDevice } from './bind-device.ts';
export { makeToken, readToken, withdrawToken } from './make-token.ts';
export { ownersOf, releaseByDevice, releaseDevice } from './release-device.ts';
export { reportToken, type TokenRefusal } from './report-token.ts';
