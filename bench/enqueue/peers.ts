import Database from 'better-sqlite3';
import BetterQueue from 'better-queue';
import { better, defineQueue } from 'plainjob';

/** Another queue library, with the same durability: a message is on the disk (`synchronous=FULL`) when it is accepted. */
export interface Peer extends Disposable {
  /** Puts messages `from` … `from + count - 1` into the queue, one at a time; resolves when the last is on the disk. */
  enqueue(from: number, count: number, messageOf: (n: number) => object): Promise<void>;
}

/** plainjob uses `synchronous=NORMAL`, which loses the last jobs at a power cut. It is set to FULL here. */
export function plainjob(file: string): Peer {
  const db = new Database(file);
  const queue = defineQueue({ connection: better(db) });
  db.pragma('synchronous = FULL');
  return {
    async enqueue(from, count, messageOf) {
      for (let n = from; n < from + count; n++) queue.add('run.finished', messageOf(n));
    },
    [Symbol.dispose]() {
      queue.close();
      if (db.open) db.close();
    },
  };
}

/** better-queue keeps tasks in memory. This store implements its documented interface to keep them on the disk. */
export function betterQueue(file: string): Peer {
  const db = new Database(file);
  db.pragma('journal_mode = WAL');
  db.pragma('synchronous = FULL');
  db.exec('CREATE TABLE IF NOT EXISTS task (id TEXT PRIMARY KEY, task TEXT NOT NULL, priority INTEGER)');
  const put = db.prepare('INSERT OR REPLACE INTO task VALUES (?, ?, ?)');
  const none = (...args: unknown[]): void => (args.at(-1) as (error: null, value: object) => void)(null, {});
  const store = {
    connect: (done: (error: null, length: number) => void) => done(null, 0),
    getTask: none,
    deleteTask: none,
    putTask(id: string, task: unknown, priority: number | undefined, done: () => void) {
      put.run(id, JSON.stringify(task), priority ?? null);
      done();
    },
    takeFirstN: none,
    takeLastN: none,
    getLock: none,
    getRunningTasks: none,
    releaseLock: none,
  };
  const queue = new BetterQueue(() => undefined, { store, autoResume: false });
  queue.pause();
  return {
    async enqueue(from, count, messageOf) {
      const queued = Array.from({ length: count }, (_, i) => {
        const n = from + i;
        return new Promise<void>((resolve, reject) => {
          queue
            .push({ id: String(n), ...messageOf(n) })
            .on('queued', resolve)
            .on('failed', reject);
        });
      });
      await Promise.all(queued);
    },
    [Symbol.dispose]: () => void db.close(),
  };
}
