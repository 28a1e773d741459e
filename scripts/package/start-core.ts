import { spawnSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

/** A replacement of the main process and its keychain. */
const PROBE = `
import { EventEmitter } from 'node:events';
const [dataDir, outside] = process.argv.slice(2);
for (const name of JSON.parse(outside)) if (name !== 'electron') await import(name);
const port = new EventEmitter();
port.postMessage = (message) => {
  if (message.t === 'keychain') port.emit('message', { data: { t: 'keychain', id: message.id, output: message.input }, ports: [] });
  if (message.t === 'failed') { console.error(message.message); process.exit(1); }
  if (message.t !== 'ready') return;
  console.log('ready as ' + message.station);
  port.emit('message', { data: { t: 'stop' }, ports: [] });
};
process.parentPort = port;
await import('./index.js');
port.emit('message', { data: { t: 'start', dataDir, slots: [], appVersion: '0', keychain: false, sampleLine: false }, ports: [] });
`;

/**
 * Starts the core of the program in `app` under plain Node, with its own files only: it loads all packages, opens a new
 * station in `dataDir` and closes it. Returns its output.
 *
 * @param outside packages as the bundles name them
 * @throws Error with its output when it fails
 */
export function startCore(app: string, dataDir: string, outside: readonly string[]): string {
  const probe = join(app, 'out/electron/core/probe.mjs');
  writeFileSync(probe, PROBE);
  const { status, signal, stdout, stderr } = spawnSync(
    process.execPath,
    [probe, dataDir, JSON.stringify(outside)],
    { encoding: 'utf8', timeout: 60_000, cwd: app, env: { PATH: process.env['PATH'] ?? '' } },
  );
  if (status !== 0)
    throw new Error(`the core does not start from ${app} (${String(status ?? signal)}):\n${stderr}`);
  return stdout.trim();
}
