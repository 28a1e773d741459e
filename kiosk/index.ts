/** The browser host: serves the station's pages and its contract over loopback, for the user of this computer only. */
export { makeLink } from './link-file.ts';
export { type Kiosk, type KioskLog, type KioskOptions, startKiosk } from './start-kiosk.ts';
