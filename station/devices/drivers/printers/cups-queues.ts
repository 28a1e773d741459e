import { runTool } from '#node-kit/process/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { HostPrinter, QueueState } from '../../../core/platform/index.ts';
import { queueMissing } from './queue-missing.ts';

/** `printer Zebra is idle.  enabled since …`; `printer Zebra disabled since … -`, with the reason in the next line. */
const PRINTER_LINE = /^printer (?<name>\S+) (?<state>is idle|now printing|disabled)\b/;

/** The queues of CUPS, of Linux and macOS. Without CUPS there are none. */
export async function listCupsQueues(signal: AbortSignal): Promise<readonly HostPrinter[]> {
  try {
    const { stdout } = await runTool('lpstat', ['-e'], { signal });
    const names = stdout.split('\n').map((line) => line.trim());
    return names.filter((name) => name !== '').map((name) => ({ kind: 'queue', name, title: null }));
  } catch (error) {
    if (error instanceof Fault && error.code === 'tool-missing') return [];
    throw error;
  }
}

/** Faults: `printer-unreachable`, `tool-missing`. */
export async function cupsQueueState(queue: string, signal: AbortSignal): Promise<QueueState> {
  const [printer, jobs] = [
    await runTool('lpstat', ['-p', queue, '-a', queue], { signal }),
    await runTool('lpstat', ['-o', queue], { signal }),
  ];
  const described = readCupsState(printer.stdout);
  if (described === null) throw queueMissing(queue, printer.stderr);
  return { ...described, waiting: jobs.stdout.split('\n').filter((line) => line.trim() !== '').length };
}

/** Reads what `lpstat -p NAME -a NAME` prints; `null` when there is no such queue. */
export function readCupsState(text: string): Omit<QueueState, 'waiting'> | null {
  const lines = text.split('\n');
  const at = lines.findIndex((line) => PRINTER_LINE.test(line));
  if (at < 0) return null;
  const isStopped = PRINTER_LINE.exec(lines[at] ?? '')?.groups?.['state'] === 'disabled';
  const isRefusing = lines.some((line) => line.includes(' not accepting requests '));
  const reason = lines[at + 1]?.startsWith('\t') === true ? (lines[at + 1]?.trim() ?? '') : '';
  return { isWorking: !isStopped && !isRefusing, reason: reason === '' ? null : reason };
}

/** Gives a raw job to the queue: its filters leave the bytes as they are. Faults: `printer-unreachable`, `tool-missing`. */
export async function printOnCups(queue: string, bytes: Uint8Array, signal: AbortSignal): Promise<void> {
  const args = ['-d', queue, '-t', 'Gongwei label', '-o', 'raw', '-s', '-'];
  const { status, stderr } = await runTool('lp', args, { input: bytes, signal });
  if (status !== 0) throw queueMissing(queue, stderr);
}
