/** Units with a small protocol of their own that a recipe describes: boot, requests in order, identity, login. */
export { aboutUnit, supplyMv } from './about-unit.ts';
export { DescribedDevice } from './described-device.ts';
export type { Requests, RunningUnit } from './described-device.ts';
