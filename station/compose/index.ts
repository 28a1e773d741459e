/** The station in parts that belong together, each of which `station.ts` puts in its place. */
export { createAnnouncements } from './announcements.ts';
export { layGround } from './ground.ts';
export { composeLine, type Line } from './line.ts';
export { composeOffice } from './office.ts';
export { createServing, type Serving } from './serving.ts';
export { composeUpstream } from './upstream.ts';
