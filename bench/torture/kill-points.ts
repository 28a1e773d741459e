import Database from 'better-sqlite3';

/** Where a process can be killed: around every commit, every message to a device and every request to the registry. */
export type KillPointKind =
  /** Before a transaction begins, before it commits, and after it is durable. */
  | 'commit-before'
  | 'commit-inside'
  | 'commit-after'
  /** Around a write to the device, and before a line of the device is read. */
  | 'write-before'
  | 'write-after'
  | 'read'
  /** Around a request to the registry. */
  | 'request'
  | 'response';

export interface KillPoints {
  /** Number of points passed since the last `arm`. */
  readonly passed: number;
  /** Kills a process at the `at`-th point from now: `victim`, or this one if null. 0: only counts. */
  arm(at: number, victim: number | null): void;
  pass(kind: KillPointKind): void;
}

/** @param onKill called before the kill with the number and kind of the point. */
export function createKillPoints(onKill: (n: number, kind: KillPointKind) => void): KillPoints {
  let passed = 0;
  let fatal = 0;
  let victim = process.pid;
  return {
    get passed() {
      return passed;
    },
    arm(at, other) {
      passed = 0;
      fatal = at;
      victim = other ?? process.pid;
    },
    pass(kind) {
      passed += 1;
      if (passed !== fatal) return;
      onKill(passed, kind);
      try {
        process.kill(victim, 'SIGKILL');
      } catch {
        // The other process was killed before.
      }
    },
  };
}

type Work = (...args: unknown[]) => unknown;
type Transaction = Work & Record<'default' | 'deferred' | 'immediate' | 'exclusive', Work>;

/**
 * Makes every commit of this process a kill point. A statement outside a transaction is a commit of its own. To be called
 * before a database is opened.
 */
export function instrumentCommits(points: KillPoints): void {
  let depth = 0;
  const original = Database.prototype.transaction as (this: Database.Database, work: Work) => Transaction;
  const watched = function (this: Database.Database, work: Work): Transaction {
    const inner = original.call(this, (...args) => {
      const result = work(...args);
      if (depth === 1) points.pass('commit-inside');
      return result;
    });
    const outer = (run: Work): Work => {
      return (...args) => {
        if (this.inTransaction) return run(...args);
        points.pass('commit-before');
        depth += 1;
        try {
          return run(...args);
        } finally {
          depth -= 1;
          points.pass('commit-after');
        }
      };
    };
    return Object.assign(outer(inner), {
      default: outer(inner.default),
      deferred: outer(inner.deferred),
      immediate: outer(inner.immediate),
      exclusive: outer(inner.exclusive),
    });
  };
  Database.prototype.transaction = watched as unknown as typeof Database.prototype.transaction;
  instrumentStatements(points);
}

function instrumentStatements(points: KillPoints): void {
  using memory = new Sample();
  const prototype = Object.getPrototypeOf(memory.statement) as { run: Work };
  const original = prototype.run;
  prototype.run = function (this: Database.Statement, ...args) {
    if (this.database.inTransaction || this.readonly) return original.apply(this, args);
    points.pass('commit-before');
    const result = original.apply(this, args);
    points.pass('commit-after');
    return result;
  };
}

/** A statement, to reach the class of statements, which the package does not export. */
class Sample implements Disposable {
  readonly #db = new Database(':memory:');
  readonly statement = this.#db.prepare('SELECT 1');

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
