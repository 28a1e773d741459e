import Database from 'better-sqlite3';

/** Where a process can be made to die: around every commit, every message to a device, every question to the registry. */
export type PointKind =
  /** Before a transaction begins, with all its work done but not committed, and when it is durable. */
  | 'commit-before'
  | 'commit-inside'
  | 'commit-after'
  /** Around bytes to the device, and before a line of the device is heard. */
  | 'write-before'
  | 'write-after'
  | 'heard'
  /** Around a question to the registry. */
  | 'ask'
  | 'answer';

export interface Points {
  /** Passed since the last `arm`. */
  readonly passed: number;
  /** At the `at`-th point from now a process is killed: `victim`, or this one. 0: nobody, only count. */
  arm(at: number, victim: number | null): void;
  pass(kind: PointKind): void;
}

/** `tell` is called before the kill, so that the one who watches knows where it was. */
export function createPoints(tell: (n: number, kind: PointKind) => void): Points {
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
      tell(passed, kind);
      try {
        process.kill(victim, 'SIGKILL');
      } catch {
        // The other one is dead already: somebody was quicker.
      }
    },
  };
}

type Work = (...args: unknown[]) => unknown;
type Transaction = Work & Record<'default' | 'deferred' | 'immediate' | 'exclusive', Work>;

/**
 * Makes every commit of this process a point, whoever makes it: the product knows nothing of it. Statements outside
 * of a transaction are commits of their own. To be called before a database is opened.
 */
export function watchCommits(points: Points): void {
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
  watchSingleStatements(points);
}

function watchSingleStatements(points: Points): void {
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

/** A statement, to get at the class of all statements, which the package does not export. */
class Sample implements Disposable {
  readonly #db = new Database(':memory:');
  readonly statement = this.#db.prepare('SELECT 1');

  [Symbol.dispose](): void {
    this.#db.close();
  }
}
