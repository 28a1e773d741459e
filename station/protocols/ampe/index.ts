/** Terminals of the AMPE kind: one JSON object a line each way, over serial or TCP. Source: document 004. */
export { callAmpe, type AmpeCall } from './call-ampe.ts';
