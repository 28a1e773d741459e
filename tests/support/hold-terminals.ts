import { holdPtyNumbers } from '../../bench/torture/pty-numbers.ts';
import { terminalsOf } from './processes.ts';

/**
 * Keeps the numbers of a simulator's pseudo-terminals reserved before the simulator is killed. Its station looks for the
 * ports again; without this the system may have given a number to the unit of another test by then. Linux only.
 */
export function holdTerminalsOf(pid: number): Disposable {
  const terminals = terminalsOf(pid);
  if (terminals.length === 0) throw new Error(`process ${pid} has no pseudo-terminal`);
  const numbers = holdPtyNumbers();
  for (const [slot, number] of terminals.entries()) numbers.hold(slot, `/dev/pts/${number}`);
  return numbers;
}
