/** What can be wrong with a unit: the catalogue, the file that chooses from it, and what is active right now. */
export { ActiveFaults } from './active-faults.ts';
export { FAULT_NAMES, unitFault, writtenFault } from './catalogue.ts';
export type { FaultName, FaultNamed, UnitFault } from './catalogue.ts';
export { assignFaults, faultFile, readFaultFile } from './fault-file.ts';
export type { FaultFile } from './fault-file.ts';
