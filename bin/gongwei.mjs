#!/usr/bin/env node
/**
 * `npx gongwei`: the command line under the right Node. Anything below Node 24 cannot load the station's database
 * driver (it would crash without a word), so that a newer Node is looked for beside this package, and asked for if
 * there is none.
 */
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { NODE_FLAGS, NODE_VARIABLES } from '../scripts/setup/run-in-place.mjs';
import { ancestors, ANCESTORS_VARIABLE } from '../scripts/setup/ancestors.mjs';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundle = join(root, 'out/cli/main.js');
const entry = existsSync(bundle) ? bundle : join(root, 'cli/main.ts');

const node = findNode();
if (node === null) {
  process.stderr.write(
    `Gongwei needs Node 24; this is ${process.versions.node}. Install it, or: npm install node@24\n`,
  );
  process.exit(3);
}

const child = spawn(node, [...NODE_FLAGS, entry, ...process.argv.slice(2)], {
  stdio: 'inherit',
  env: {
    ...process.env,
    ...NODE_VARIABLES,
    [ANCESTORS_VARIABLE]: ancestors(process.pid),
    // The command that messages show.
    GONGWEI_PROGRAM: process.env.npm_command === 'exec' ? 'npx gongwei' : 'gongwei',
  },
});
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  process.on(signal, () => {
    // Ctrl-C on a terminal goes to the child as well; on Windows every signal does, and `kill` would not let it end its work.
    if (process.platform === 'win32') return;
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  });
}
child.on('error', (error) => {
  process.stderr.write(`gongwei: cannot start ${node}: ${error.message}\n`);
  process.exit(3);
});
child.on('exit', (code, signal) => process.exit(code ?? (signal === 'SIGINT' ? 130 : 143)));

function findNode() {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  try {
    const home = dirname(createRequire(import.meta.url).resolve('node/package.json'));
    const path = join(home, 'bin', process.platform === 'win32' ? 'node.exe' : 'node');
    return existsSync(path) ? path : null;
  } catch {
    return null;
  }
}
