/**
 * Terminals of the AMPE kind. Requests, replies and deliveries are those of document 004 (`my.call`, `my.on` inside of a
 * mini program); the lines that carry them over serial or TCP are those of an assumed bridge, which is not of the document
 * (docs/devices/ampe.md).
 */
export { type AmpeRequest, type AmpeValue, callAmpe } from './call-ampe.ts';
