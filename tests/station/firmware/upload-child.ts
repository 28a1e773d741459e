import { openStation } from '../../kit/station.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
/**
 * A station in a process of its own that uploads a firmware and kills itself at some moment of its Nth chunk, as a power
 * cut would. Arguments: data directory, firmware, N (0: lives), milliseconds into that chunk.
 */

const [dataDir = '', firmwareId = '', chunk = '0', intoMs = '0'] = process.argv.slice(2);
const send = globalThis.fetch;
let chunks = 0;
globalThis.fetch = (input, init) => {
  if (init?.method === 'PUT') {
    chunks += 1;
    if (chunks === Number(chunk)) setTimeout(() => process.kill(process.pid, 'SIGKILL'), Number(intoMs));
  }
  return send(input, init);
};
const station = await openStation(dataDir);
const actor = { user: 'Li', role: 'engineer' } as const;
let resumedAt: number | null = null;
const { registry } = await station.firmware.upload(
  firmwareId,
  ({ stage, doneBytes }) => {
    if (stage === 'sending') resumedAt ??= doneBytes;
  },
  actor,
  NEVER_ABORTED,
);
await station.close();
process.stdout.write(`${JSON.stringify({ registrySha256: registry.sha256, resumedAt, chunks })}\n`);
