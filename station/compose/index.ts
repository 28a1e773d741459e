/** The station in parts that belong together, each of which `station.ts` puts in its place. */
export { createAnnouncements } from '../topics.ts';
export { layGround } from '../core-services.ts';
export { composeLine, type Line } from '../execution/execution.ts';
export { composeOffice } from '../back-office.ts';
export { createServing, type Serving } from '../page-service.ts';
export { composeUpstream } from '../registry-services.ts';
