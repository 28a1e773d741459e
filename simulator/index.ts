/**
 * Simulated units on fixtures. Each unit speaks its device's real protocol over a real serial port, with the timing, the
 * faults and the flash of the device, so that stations can be tested and killed without hardware.
 *
 * The station does not import this folder. Hosts start it as a process of its own (`runSimUnits`); tests may also start
 * it in their own process (`startSimulator`).
 */
export { startSimulator, Simulator } from './slots/index.ts';
export type { SimulatorEvent, SimulatorOptions, Control, FaultChange, UnitName } from './slots/index.ts';
export { BOARD_KINDS } from './board/index.ts';
export type { BoardKind } from './board/index.ts';
export { runSimUnits } from './command.ts';
export type { SimUnitsIo, SimUnitsOptions } from './command.ts';
export { FAULT_NAMES } from './faults/index.ts';
export type { FaultFile, FaultName, UnitFault } from './faults/index.ts';
export {
  makeEspFirmware,
  makePackage,
  SAMPLE_CHIPS,
  sampleImage,
  writeEspPackage,
  writePackage,
} from './firmware/index.ts';
export type {
  EspFile,
  EspFirmwareOptions,
  ImagePlace,
  PackageMember,
  PackageOptions,
} from './firmware/index.ts';
export type { SampleChip, SamplePackage, WrittenPackage } from './firmware/index.ts';
export { flashPath, flashRecord, readFlashRecord } from './flash/index.ts';
export type { FlashRecord } from './flash/index.ts';
export { DIALECT_CHOICES, PROFILE_NAMES } from './profiles/index.ts';
export type { DialectChoice } from './profiles/index.ts';
export { PRINTER_LANGUAGES, runSimPrinter, startSimPrinter } from './printer/index.ts';
export type { PrinterFault, SimPrinter } from './printer/index.ts';
export { runSimInstruments, startSimInstruments, startSimInstrument } from './instruments/index.ts';
export type { InstrumentFault, SimInstruments, SimInstrument } from './instruments/index.ts';
