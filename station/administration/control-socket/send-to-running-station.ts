import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import type { PersonView } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { findSocket } from './control-file.ts';
import { peopleReply, type PeopleRequest } from './people-request.ts';
import { readLine } from './read-line.ts';

/** The station hashes a PIN after those that are checked before it. */
const REPLY_TIMEOUT_MS = 30_000;

/**
 * Sends a request to the station that runs on a data directory; null when none listens there. Faults: those of the station,
 * `data-busy` when it does not answer.
 */
export async function sendToRunningStation(
  dataDir: string,
  request: PeopleRequest,
): Promise<PersonView | null> {
  const path = findSocket(dataDir);
  const socket = path === null ? null : await open(path);
  if (socket === null) return null;
  try {
    const reply = readLine(socket, AbortSignal.timeout(REPLY_TIMEOUT_MS));
    socket.write(`${JSON.stringify(request)}\n`);
    const said = peopleReply.safeParse(parseJson(await reply));
    if (!said.success)
      throw new Fault('data-busy', `the station that runs on ${dataDir} does not answer`, {
        hint: 'Whether it was done is not known: look with "user list", and repeat the command if not.',
      });
    if ('person' in said.data) return said.data.person;
    throw Fault.fromView(said.data.fault);
  } finally {
    socket.destroy();
  }
}

/** Whether a station runs on a data directory and takes commands. */
export async function isStationRunning(dataDir: string): Promise<boolean> {
  const path = findSocket(dataDir);
  const socket = path === null ? null : await open(path);
  socket?.destroy();
  return socket !== null;
}

async function open(path: string): Promise<Socket | null> {
  const socket = connect(path);
  try {
    await once(socket, 'connect');
    socket.on('error', () => undefined);
    return socket;
  } catch {
    socket.destroy();
    return null;
  }
}

function parseJson(text: string | null): unknown {
  try {
    return text === null ? null : (JSON.parse(text) as unknown);
  } catch {
    return null;
  }
}
