/** Makes a private file unless it is there, and says what is in it: `private-child.ts FILE`. */
import { randomBytes } from 'node:crypto';
import { readOrCreatePrivateFile } from '../../../node-kit/files/index.ts';

const [path = ''] = process.argv.slice(2);
process.stdout.write(readOrCreatePrivateFile(path, () => randomBytes(32)).toString('hex'));
