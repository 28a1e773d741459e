/** Units whose identity is in the NVS of their flash: it is written and read through the boot loader of the chip. */
export { type FlashPart, openNvs } from './nvs-session.ts';
export { openScan } from './scan-session.ts';
export type { FlashVisit, VisitFlash } from './visit-loader.ts';
