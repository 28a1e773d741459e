/**
 * Simulated units and the bench they lie on: peers that speak a device's real protocol over a real serial port, with
 * its timing, its faults and its memory, so that a whole line can be run, broken and killed without hardware.
 *
 * Nothing of the station imports this room: hosts start it as a process of its own (`runSimUnits`), tests also
 * in theirs (`startBench`).
 */
export { startBench, Bench } from './fixtures/index.ts';
export type { BenchEvent, BenchOptions, Control, FaultChange, UnitName } from './fixtures/index.ts';
export { BOARD_KINDS } from './board/index.ts';
export type { BoardKind } from './board/index.ts';
export { runSimUnits } from './command.ts';
export type { SimUnitsIo, SimUnitsOptions } from './command.ts';
export { FAULT_NAMES } from './faults/index.ts';
export type { FaultFile, FaultName, UnitFault } from './faults/index.ts';
export { makePackage } from './firmware/index.ts';
export type { PackageOptions, SamplePackage } from './firmware/index.ts';
export { flashRecord } from './flash/index.ts';
export type { FlashRecord } from './flash/index.ts';
export { DIALECT_CHOICES, PROFILE_NAMES } from './profiles/index.ts';
export type { DialectChoice } from './profiles/index.ts';
