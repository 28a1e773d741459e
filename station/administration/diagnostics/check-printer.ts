import { counted } from '#shared/words/index.ts';
import type { Printer } from '../../results/printing/index.ts';
import { type Check, fine, runCheck, warning } from './check.ts';

/** Asks the label printer. */
export function checkPrinter(printer: Printer, signal: AbortSignal): Promise<Check> {
  return runCheck('printer', async () => {
    const { condition, problems, waiting } = await printer.state(signal);
    const held = (waiting ?? 0) > 0 ? `; it has ${counted(waiting ?? 0, 'label')} that did not come out` : '';
    switch (condition) {
      case 'ready':
        return fine('printer', `it is ready${held}`);
      case 'silent':
        return fine('printer', `it takes labels, and says nothing about itself${held}`);
      case 'stopped':
        return warning(
          'printer',
          `it does not print: ${problems.join(', ')}${held}`,
          'Look at paper, ribbon, print head and the pause key of the printer.',
          { code: 'printer-not-ready' },
        );
    }
  });
}
