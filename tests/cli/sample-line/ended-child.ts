/**
 * A sample station that an engineer ends: `node ended-child.ts DIR [USER]`. Ends the sample line, then adds the user, prints a
 * line and waits to be killed.
 */
import { writeSync } from 'node:fs';
import { Session } from '../../../shared/rpc/index.ts';
import { createNodePlatform, createStation } from '../../../station/index.ts';

const by = { role: 'engineer', user: 'sample-engineer' } as const;
const [dataDir = '', user] = process.argv.slice(2);
const config = { slots: [], appVersion: '0', autoSync: false, sampleLine: true };
const station = await createStation(createNodePlatform(dataDir, { scryptLog2N: 4 }), config);
await station.sampleUsers.add();
const { signal } = new AbortController();
await station.handlers['setup.endSampleLine']({}, { by, session: new Session(by), lateMs: 0, signal });
if (user !== undefined) await station.access.add(user, 'engineer', '864209', by);
writeSync(1, 'ended\n');
setInterval(() => undefined, 2 ** 30);
