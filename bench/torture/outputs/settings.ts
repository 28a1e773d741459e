import type { TortureDevice } from '../devices.ts';
import { recipeFor } from '../recipe.ts';

/** What a station makes of its runs besides records: labels, attachments, reports, closed batches. */
export interface OutputSettings {
  /** Recipes of the batches in turn: each prints its label, and every other one wants it scanned. */
  readonly recipes: readonly string[];
  /** Address of the label printer. */
  readonly printer: string;
  /** Folder of the reports. */
  readonly reports: string;
  /** Units of one batch; few, so that batches end while processes are killed. */
  readonly quantity: number;
}

/** File of the script that makes the attachment of each unit. */
export const SCRIPT_FILE = 'keep.ts';
export const SCRIPT = `import { defineScript } from 'gongwei/script';
export default defineScript(async ({ unit }) => {
  await unit.attach('curve.csv', Array.from({ length: 200 }, (_, n) => n + ',' + unit.serialNumber).join('\\n'));
});
`;

/** What the script attaches. */
export function attachmentOf(serialNumber: string): string {
  return Array.from({ length: 200 }, (_, n) => `${n},${serialNumber}`).join('\n');
}

export function outputRecipes(device: TortureDevice): readonly string[] {
  return [true, false].map((scan) =>
    recipeFor(device, {
      test: `      - { verb: script, name: keep, file: ${SCRIPT_FILE} }`,
      label: `print: on-pass, scan: ${scan}`,
    }),
  );
}

/** Names of the batches begin with it. */
export const OUTPUT_BATCH = 'outputs-';

/** The reports that each batch has. */
export const SCHEDULES = [
  { occasion: { at: 'batch-complete' }, format: 'csv', isInFolder: true },
  { occasion: { at: 'batch-closed' }, format: 'jsonl', isInFolder: true },
  { occasion: { at: 'batch-closed' }, format: 'csv', isInFolder: false },
] as const;
