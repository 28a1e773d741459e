/** Simulated instruments: a power supply and a multimeter that speak SCPI over TCP or a pty, with the current of a unit, and faults. */
export { startSimInstruments, type SimInstruments } from './supply-and-meter.ts';
export { runSimInstruments } from './command.ts';
export type { InstrumentFault } from './faults.ts';
export { startSimInstrument, type SimInstrument } from './instrument.ts';
