/** Printers of this computer: queues of its print system, and USB printer ports. */
import { hostSystem } from '#node-kit/host-system/index.ts';
import type { HostPrinters } from '../../../core/platform/index.ts';
import { cupsQueueState, listCupsQueues, printOnCups } from './cups-queues.ts';
import { listPrinterFiles } from './printer-file.ts';
import { listWindowsQueues, printOnWindows, windowsQueueState } from './windows-queues.ts';

export { createPrinterFilePorts, isPrinterFile } from './printer-file.ts';

export function createHostPrinters(isWindows = hostSystem().kind === 'windows'): HostPrinters {
  return isWindows
    ? { list: listWindowsQueues, queueState: windowsQueueState, printOn: printOnWindows }
    : {
        list: async (signal) => [...(await listCupsQueues(signal)), ...(await listPrinterFiles())],
        queueState: cupsQueueState,
        printOn: printOnCups,
      };
}
