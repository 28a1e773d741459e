/** Tries to lock a file, says "locked" or "busy", and holds the lock until it is killed: `lock-child.ts FILE`. */
import { tryLockFile } from '../../../node-kit/sqlite/index.ts';

const [file = ''] = process.argv.slice(2);
const lock = tryLockFile(file);
process.stdout.write(lock === null ? 'busy' : 'locked');
if (lock !== null) setInterval(() => lock, 1000);
