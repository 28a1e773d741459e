/** Whether this computer's clock may be believed when something is to be removed because it is old. */
export { readTrustedTimeMs, type ClockTrust, createClockTrust } from './clock-trust.ts';
export { describeClockDoubt, compareClocks } from './compare-clocks.ts';
