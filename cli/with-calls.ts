import { setTimeout } from 'node:timers/promises';
import { contract, type StationContract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import {
  type CallInput,
  type CallOutput,
  type Client,
  connect,
  Session,
  createInMemoryTransports,
  type Transport,
} from '#shared/rpc/index.ts';
import {
  callRunningStation,
  lendToRunningStation,
  openStationDatabaseForReading,
  type ReadableDatabase,
} from '#station';
import { type CommonOptions, dataDirOf } from './command.ts';
import { terminalSession } from './terminal-session.ts';
import { withStation } from './with-station.ts';

/** A print may wait for its printer, and an import of runs takes minutes. */
const CALL_TIMEOUT_MS = 60 * 60_000;
/** A station that is starting owns its data before it takes commands. */
const START_TIMEOUT_MS = 5000;
const RETRY_MS = 250;

type Calls = StationContract['calls'];

/** What a command can do at a station: the calls of the pages, and reading. */
export interface StationCalls {
  readonly database: ReadableDatabase;
  /** A call as the user of the terminal. Faults: those of the call; `disconnected` when the station closes meanwhile. */
  call<K extends keyof Calls & string>(
    name: K,
    input: CallInput<StationContract, K>,
    signal?: AbortSignal,
  ): Promise<CallOutput<StationContract, K>>;
  readonly watch: Client<StationContract>['watch'];
  /** An id for calls that take an upload. The path is neither copied nor removed. */
  lend(path: string): Promise<string>;
}

/**
 * Does work by calls of the pages: at the station that runs on the data directory, else at one that is opened for it. Rights,
 * records and entries of the audit trail are those of the pages. Faults: those of `withStation`; `data-busy` when another
 * process owns the data and takes no commands.
 */
export async function withCalls<T>(
  options: CommonOptions,
  work: (calls: StationCalls) => Promise<T>,
  config: { readonly createIfMissing?: boolean } = {},
): Promise<T> {
  const dataDir = dataDirOf(options);
  const by = terminalSession();
  for (let remainingMs = START_TIMEOUT_MS; ; remainingMs -= RETRY_MS) {
    const transport = await callRunningStation(dataDir, by);
    if (transport !== null) {
      const database = openStationDatabaseForReading(dataDir);
      try {
        return await overTransport(transport, database, work, (path) => lendThere(dataDir, path));
      } finally {
        database.close();
      }
    }
    let isOpen = false;
    try {
      return await withStation(
        options,
        async ({ database, serve, uploads }) => {
          isOpen = true;
          const [here, there] = createInMemoryTransports();
          serve(there, new Session(by));
          return overTransport(here, database, work, (path) => Promise.resolve(uploads.lend(path, by.user)));
        },
        config,
      );
    } catch (error) {
      if (isOpen || !(error instanceof Fault) || error.code !== 'data-busy' || remainingMs <= 0) throw error;
      await setTimeout(RETRY_MS);
    }
  }
}

async function overTransport<T>(
  transport: Transport,
  database: ReadableDatabase,
  work: (calls: StationCalls) => Promise<T>,
  lend: StationCalls['lend'],
): Promise<T> {
  const client = connect(contract, transport);
  try {
    return await work({
      database,
      async call(name, input, signal) {
        const options = { timeoutMs: CALL_TIMEOUT_MS, ...(signal === undefined ? {} : { signal }) };
        try {
          return await client.call(name, input, options);
        } catch (error) {
          // The signal knows why the command ends.
          signal?.throwIfAborted();
          if (!(error instanceof Fault) || error.code !== 'disconnected') throw error;
          throw new Fault('disconnected', 'the station was closed before it answered', {
            hint: 'The command may have been executed: look at the state, and repeat it if not.',
            cause: error,
          });
        }
      },
      watch: (name, watcher) => client.watch(name, watcher),
      lend,
    });
  } finally {
    client.close();
  }
}

async function lendThere(dataDir: string, path: string): Promise<string> {
  const fileId = await lendToRunningStation(dataDir, path, terminalSession());
  if (fileId !== null) return fileId;
  throw new Fault('data-busy', `the station that runs on ${dataDir} takes no commands any more`, {
    hint: 'Repeat the command.',
  });
}
