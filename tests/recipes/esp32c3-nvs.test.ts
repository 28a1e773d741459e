import { expect, test } from 'vitest';
import type { DryRunEvent } from '#shared/contract/index.ts';
import { readRecipe, requireLocked } from '#station';
import { tryRecipe } from '../../cli/try/try-recipe.ts';
import { describedRecipe, parsedRecipe } from '../kit/recipes.ts';
import { soon } from '../support/patience.ts';
import { tempDir } from '../support/temp-dir.ts';

const PATH = new URL('../../resources/recipes/esp32c3-nvs.yaml', import.meta.url).pathname;

test('a dry run writes what the flasher_args.json of a sample package names', async () => {
  using dir = tempDir('flasher-args');
  const steps = '- { verb: flash, chip: esp32c3, images: [{ from: flasher-args }] }';
  const recipe = parsedRecipe(describedRecipe(steps).replace(/ {2}- name: who\n.*\n.*\n/, ''));
  const events: DryRunEvent[] = [];
  const result = await tryRecipe(
    { recipe, unit: 'esp32c3', dir: dir.path },
    { onEvent: (event) => void events.push(event), onAnswerable: () => undefined },
    soon(),
  );
  expect(result).toMatchObject({ outcome: 'PASS', failure: null });
  const measured = events
    .find((event) => event.event === 'try.finished')
    ?.steps.flatMap((step) => step.measured);
  for (const name of ['bootloader.bin', 'partition-table.bin', 'sample.bin.ota'])
    expect(measured).toContainEqual(expect.stringContaining(`flash-sha256:${name} = `));
});

test('a dry run flashes an empty chip with a sample package and burns its identity into NVS, each step at once', async () => {
  using dir = tempDir('esp32c3');
  const recipe = await readRecipe(PATH);
  await requireLocked(PATH, recipe);
  const events: DryRunEvent[] = [];
  const result = await tryRecipe(
    { recipe, unit: 'esp32c3', dir: dir.path },
    { onEvent: (event) => void events.push(event), onAnswerable: () => undefined },
    soon(),
  );
  const finished = events.find((event) => event.event === 'try.finished');
  expect(finished?.steps.filter(({ outcome, attempt }) => outcome !== 'PASS' || attempt > 1)).toEqual([]);
  expect(result).toMatchObject({ outcome: 'PASS', failure: null });
  const measured = finished?.steps.flatMap((step) => step.measured);
  expect(measured).toContain('firmware-version = gongwei-sample 1.0.0');
  expect(measured).toContainEqual(expect.stringMatching(/^flash-sha256:sample\.bin\.ota = [0-9a-f]{64}$/));
});
