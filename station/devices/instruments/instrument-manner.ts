/**
 * How a session talks to an instrument besides what a recipe says. A recording names it, because a replay has to say the same.
 *
 * - 1: the error queue is read after an exchange.
 * - 2: each exchange ends with a question whose answer looks like no other; a serial port is synchronised when it is opened.
 * - 3: `*OPC?` is asked, too, when an answer to an earlier question may still come; a device of lines must be silent for longer then.
 */
export type InstrumentManner = 1 | 2 | 3;

/** That of this version. */
export const INSTRUMENT_MANNER: InstrumentManner = 3;
