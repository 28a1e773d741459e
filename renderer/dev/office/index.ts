/** For the pages behind the line: a scripted station's people, returned units, reports, firmware, triples and outbox. */
export { createOffice, type Office, type OfficeOptions } from './office.ts';
