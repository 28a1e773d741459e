import { expect, it } from 'vitest';
import { simulatedUnitOf } from '#shared/domain/simulated-unit.ts';
import { tryRecipe } from '../../cli/try/try-recipe.ts';
import { sampleRecipe } from '../kit/recipes.ts';
import { soon } from '../support/patience.ts';
import { LONG } from '../support/depth.ts';
import { tempDir } from '../support/temp-dir.ts';

/** With measured values that only their own way of provisioning or update has. */
const RECIPES = [
  ['camera-wifi-code.yaml', ['seconds-to-online', 'event']],
  ['at-wifi-module-network.yaml', ['wifi-rssi', 'wifi-seconds', 'registry-host']],
  ['llsync-ble.yaml', ['brightness', 'blinks']],
  ['camera-update.yaml', ['ota-from-version', 'ota-to-version']],
  ['video-lock-wifi-code.yaml', ['seconds-to-online', 'doorbell', 'woken']],
  ['voice-jx12f-network.yaml', ['wifi-rssi', 'microphone']],
  ['llsync-wifi.yaml', ['seconds-to-online']],
  ['llsync.yaml', ['seconds-to-online', 'brightness']],
  ['blufi.yaml', ['seconds-to-online', 'wifi-rssi']],
] as const;
/** What the others add has tests of its own. */
const SHORT = 1;

it.each(LONG ? RECIPES : RECIPES.slice(0, SHORT))(
  'the sample recipe %s passes its simulated unit in a dry run, as the editor of recipes starts it',
  async (file, measured) => {
    using dir = tempDir('provisioned');
    const recipe = await sampleRecipe(file);
    const unit = simulatedUnitOf(recipe.recipe);
    if (unit === null) throw new Error(`no unit fits ${file}`);
    const said: string[] = [];
    const result = await tryRecipe(
      { recipe, unit, dir: dir.path },
      {
        onEvent(event) {
          if (event.event === 'try.finished') said.push(...event.steps.flatMap((step) => step.measured));
        },
        onAnswerable: () => undefined,
      },
      soon(),
    );
    expect(result.failure).toBeNull();
    expect(result.outcome).toBe('PASS');
    const names = said.map((text) => text.split(' ')[0]);
    for (const name of measured) expect(names).toContain(name);
  },
);
