/** Files of the station that a page may download by an id. */
export { Downloads } from './downloads.ts';
