/** What the shell knows of the station page: its sections and settings, for the search of pages. */
export { SECTIONS } from './sections.ts';
