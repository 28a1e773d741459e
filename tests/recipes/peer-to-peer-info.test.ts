import { fileURLToPath } from 'node:url';
import { expect, it } from 'vitest';
import { readRecipe } from '#station';
import { compilePattern } from '#shared/pattern/index.ts';

it.each(['camera', 'picture-lock', 'video-lock'])(
  'the recipe %s asks for peer-to-peer info that is not empty, and for no form of it',
  async (name) => {
    const path = fileURLToPath(new URL(`../../resources/recipes/${name}.yaml`, import.meta.url));
    const { recipe } = await readRecipe(path);
    const steps = recipe.phases.flatMap((phase) => phase.steps);
    const found = steps.flatMap((step) =>
      step.verb === 'property-reported' && step.property === '_sys_xp2p_info' ? [step.limits] : [],
    );
    expect(found).toHaveLength(1);
    const [limits] = found;
    if (limits === undefined || !('pattern' in limits)) throw new Error('a pattern is expected');
    const pattern = compilePattern(String(limits.pattern));
    // The second begins as the only value that document 001 shows.
    for (const good of ['x', '25QPD2ozz/7+=', 'a'.repeat(64)]) expect(pattern.test(good), good).toBe(true);
    for (const bad of ['', 'a'.repeat(65)]) expect(pattern.test(bad), bad).toBe(false);
  },
);
