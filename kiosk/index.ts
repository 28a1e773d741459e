/** The browser host: the station's pages and its wire over loopback, for one person at this computer and nobody else. */
export { makeLink } from './link-file.ts';
export { type Kiosk, type KioskLog, type KioskOptions, startKiosk } from './start-kiosk.ts';
