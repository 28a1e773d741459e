/**
 * A process that owns a data directory as a host does: `node owner-child.ts DIR`. Prints how opening went, and for each
 * line on standard input the results of a write in a transaction, of one without and of a relaxed one. Ends with its input.
 */
import { writeSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { Fault } from '../../../../shared/domain/fault.ts';
import { openStationDatabase } from '../../../../station/core/database/index.ts';

const say = (value: unknown): void => void writeSync(1, `${JSON.stringify(value)}\n`);
const codeOf = (work: () => unknown): string => {
  try {
    work();
    return 'written';
  } catch (error) {
    return error instanceof Fault ? error.code : String(error);
  }
};

try {
  const database = openStationDatabase(process.argv[2] ?? '');
  database.claimOwnership();
  say({ opened: true, pid: process.pid });
  for await (const line of createInterface({ input: process.stdin })) {
    say({
      together: codeOf(() => database.transaction(() => database.meta.set('a', line))),
      alone: codeOf(() => database.meta.set('b', line)),
      relaxed: codeOf(() => database.writeRelaxed(() => database.meta.set('c', line))),
      damage: database.damage?.code ?? null,
    });
  }
  database.close();
} catch (error) {
  say({ opened: false, code: error instanceof Fault ? error.code : String(error), message: String(error) });
}
