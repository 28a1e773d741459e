/** Whether this computer's clock may be believed when something is to be removed because it is old. */
export { anchorOf, type ClockTrust, createClockTrust } from './clock-trust.ts';
export { doubtInWords, judgeTime } from './judge-time.ts';
