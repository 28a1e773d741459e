import { join } from 'node:path';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

const ROOT = join(import.meta.dirname, '..');

/** Files of a quarter of a minute and more, mostly of waiting. The last of a run must not be one of them. */
export const LONGEST = [
  'tests/renderer/every-page.test.ts',
  'tests/renderer/roles-of-pages.test.ts',
  'tests/faults/restore.test.ts',
  'tests/station/execution/executor/units.test.ts',
  'tests/station/execution/replay/cannot-tell.test.ts',
  'tests/station/results/yield/yields.test.ts',
  'tests/torture/short.test.ts',
  'tests/renderer/station-lost.test.ts',
  'tests/e2e/prompts.test.ts',
  'tests/station/identity/burning.test.ts',
  'tests/recipes/voice-modules.test.ts',
  'tests/renderer/operator-page.test.ts',
  'tests/renderer/navigation.test.ts',
  'tests/station/core/database/open.test.ts',
  'tests/renderer/back-office.test.ts',
  'tests/renderer/back-office-batches.test.ts',
  'tests/station/administration/diagnostics/examine.test.ts',
  'tests/station/execution/verbs/verbs.test.ts',
  'tests/faults/commands.test.ts',
  'tests/station/execution/verbs/echo.test.ts',
  'tests/recipes/ampe.test.ts',
  'tests/recipes/door-locks.test.ts',
  'tests/station/execution/replay/replay-faults.test.ts',
  'tests/station/execution/replay/replay-verbs.test.ts',
  'tests/renderer/operator-screen.test.ts',
  'tests/kiosk/browser.test.ts',
  'tests/journey/killed-station.test.ts',
  'tests/station/execution/slots/next-unit.test.ts',
  'tests/simulator/faults/any-family.test.ts',
  'tests/station/firmware/killed.test.ts',
].map((path) => join(ROOT, path));

/**
 * Starts the longest files first. Vitest knows how long a file takes once it has run here, and goes by size before
 * that: in a fresh clone, short files that wait long would be the last.
 */
export class LongestFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const sorted = await super.sort(files);
    const rank = (file: TestSpecification): number => {
      // Files of a process of their own stay first: they would end a shared one.
      if (file.project.config.isolate) return -1;
      const at = LONGEST.indexOf(file.moduleId);
      return at === -1 ? LONGEST.length : at;
    };
    return sorted.toSorted((a, b) => rank(a) - rank(b));
  }
}
