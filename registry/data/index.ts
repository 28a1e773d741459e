/** Creates and opens the data directory of a registry. */
export { makeDataDir, openData } from './open-data.ts';
