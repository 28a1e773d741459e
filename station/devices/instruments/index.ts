/** Named instruments of the station (power supplies, meters): their settings, whose turn it is, and what is said to them. */
export { instrumentHandlers } from './handlers.ts';
export { toInstrumentFault } from './instrument-faults.ts';
export { INSTRUMENT_MANNER, type InstrumentManner } from './instrument-manner.ts';
export { InstrumentSession } from './instrument-session.ts';
export { createInstruments, type Instruments, type LentInstruments } from './instruments.ts';
export { MAX_BLOCK_BYTES } from './read-block.ts';
export { type InstrumentLending, openInstruments } from './open-instruments.ts';
export { releaseAll } from './release-all.ts';
export { readInstrumentSettings } from './settings.ts';
export { testInstrument } from './test-instrument.ts';
