/** Checks that doc comments name only faults of the closed list: `Faults: \`code\`, \`code\`.` */
import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FAULT_CLASS } from '../../shared/domain/fault.ts';
import { unknownFaults } from '../lib/fault-comments.ts';
import { ROOT } from '../setup/run-in-place.mjs';

const SOURCES =
  '{shared,node-kit,station,registry,simulator,kiosk,electron,cli,renderer,bench}/**/*.{ts,vue}';
const known = new Set<string>(Object.keys(FAULT_CLASS));

const wrong = globSync(SOURCES, { cwd: ROOT }).flatMap((path) =>
  unknownFaults(readFileSync(join(ROOT, path), 'utf8'), known).map(
    ({ line, code }) => `${path}:${line} names the fault ${code}, which is not in shared/domain/fault.ts`,
  ),
);
for (const text of wrong) process.stdout.write(`${text}\n`);
process.exit(wrong.length === 0 ? 0 : 1);
