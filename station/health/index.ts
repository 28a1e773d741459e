/** This module is for the station's own well-being: disk, backups, restoring, and finding out what is wrong. */
export { reachRegistry } from './reach-registry.ts';
