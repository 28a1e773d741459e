/** The app's side of Tencent's provisioning protocol 2.0 over UDP, which SoftAP and SmartConfig have in common. */
export { converse, type GivenByApp } from './converse.ts';
export { queryLog } from './query-log.ts';
