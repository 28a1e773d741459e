/** The registry in a process of its own, as in production. The argument is its data directory. */
import { createRegistry } from '#registry';

const registry = await createRegistry({ dataDir: process.argv[2] ?? '', version: 'bench' });
const { http, enrolmentToken } = registry;
process.stdout.write(`${JSON.stringify({ http, enrolmentToken })}\n`);
process.stdin.resume().once('end', () => void registry.close());
