/**
 * `unreadable-dir-child.ts DIR` writes files in DIR, which this process may write but not read. Root may read everything: a
 * process of root changes to the user `nobody` before it writes.
 */
import { join } from 'node:path';
import {
  readOrCreatePrivateFile,
  writeFileAtomic,
  writeFileAtomicSync,
} from '../../../node-kit/files/index.ts';

const [dir = ''] = process.argv.slice(2);
if (process.getuid?.() === 0) {
  process.setgroups?.([]);
  process.setgid?.(65534);
  process.setuid?.(65534);
}
await writeFileAtomic(join(dir, 'a'), 'a');
writeFileAtomicSync(join(dir, 'b'), ['b']);
readOrCreatePrivateFile(join(dir, 'c'), () => 'c');
