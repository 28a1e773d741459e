/** Whether this computer's clock is right enough to remove files because of their age. */
export { readTrustedTimeMs, ClockTrust } from './clock-trust.ts';
export { describeClockDoubt, compareClocks } from './compare-clocks.ts';
