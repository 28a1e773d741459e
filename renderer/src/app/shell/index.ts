/** For the pages behind the line: who may come in, what they find there, and the way back to the line. */
export { default as OfficePage } from './AdminShell.vue';
export { isOffice } from './routes.ts';
