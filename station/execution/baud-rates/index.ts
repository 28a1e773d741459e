/** Speeds of transfers that the station remembers for each slot. */
export { BaudRates } from './baud-rates.ts';
