import { bothWays, LARGE, type Shot, SMALL } from './shot.ts';

/** The operator page in every state. */
export function operatorShots(): Shot[] {
  const list: Shot[] = [];
  const results = [
    'running',
    'pass',
    'fail',
    'error',
    'timeout',
    'aborted',
    'stopping',
    'unavailable',
    'ready',
  ] as const;
  for (const scene of results) list.push(...bothWays({ name: scene, scene, slots: 1, large: true }));
  for (const slots of [2, 3, 4, 6, 9, 12, 16]) {
    for (const language of ['zh-CN', 'en'] as const) {
      const mixed = { name: 'mixed', scene: 'mixed', slots, language } as const;
      list.push({ ...mixed, size: SMALL, theme: 'light' });
      list.push({ ...mixed, size: SMALL, theme: 'dark' });
      list.push({ ...mixed, size: LARGE, theme: 'dark' });
    }
  }
  for (const kind of ['pass-fail', 'confirm', 'choice', 'number', 'text', 'scan'] as const)
    list.push(...bothWays({ name: `ask-${kind}`, scene: `ask-${kind}`, slots: 1, large: true }));
  for (const slots of [2, 4, 16]) {
    for (const language of ['zh-CN', 'en'] as const) {
      const asking = {
        name: 'ask',
        scene: slots === 2 ? 'ask-number' : 'ask-mixed',
        slots,
        language,
      } as const;
      list.push({ ...asking, size: SMALL, theme: 'light' });
      list.push({ ...asking, size: SMALL, theme: 'dark' });
      list.push({ ...asking, size: LARGE, theme: language === 'en' ? 'light' : 'dark' });
    }
  }
  for (const slots of [1, 4])
    for (const scene of ['no-paper', 'label-refused'] as const)
      list.push(...bothWays({ name: scene, scene, slots, large: true }));
  const small = { size: SMALL } as const;
  list.push({ ...small, name: 'fail', scene: 'fail', slots: 16, language: 'en', theme: 'light' });
  list.push({ ...small, name: 'fail', scene: 'fail', slots: 16, language: 'zh-CN', theme: 'dark' });
  list.push({ ...small, name: 'fail', scene: 'fail', slots: 4, language: 'zh-CN', theme: 'light' });
  list.push({ ...small, name: 'pass', scene: 'pass', slots: 4, language: 'en', theme: 'light' });
  list.push({ ...small, name: 'running', scene: 'running', slots: 4, language: 'en', theme: 'light' });
  list.push({ ...small, name: 'ready', scene: 'ready', slots: 16, language: 'zh-CN', theme: 'light' });
  list.push({ ...small, name: 'ready', scene: 'ready', slots: 1, language: 'en', theme: 'light' });
  list.push({ ...small, name: 'ready', scene: 'ready', slots: 4, language: 'en', theme: 'light' });
  const states = [
    'pick-batch',
    'no-batches',
    'batch-complete',
    'pool-empty',
    'pool-low',
    'pool-soon',
    'pool-full',
    'drifting',
    'disk-low',
    'disk-full',
    'offline',
    'parked',
  ] as const;
  for (const scene of states) list.push(...bothWays({ name: scene, scene, slots: 4 }));
  for (const slots of [1, 4, 9, 16]) {
    list.push(...bothWays({ name: 'long-names', scene: 'long-names', slots, large: true }));
    list.push(...bothWays({ name: 'long-question', scene: 'long-question', slots, large: true }));
  }
  list.push({ ...small, name: 'selected', scene: 'selected', slots: 4, language: 'zh-CN', theme: 'light' });
  list.push({ ...small, name: 'selected', scene: 'selected', slots: 9, language: 'en', theme: 'dark' });
  list.push(...bothWays({ name: 'no-slots', scene: 'ready', slots: 0, large: true }));
  const pressed: readonly (readonly [scene: Shot['scene'], keys: readonly string[]])[] = [
    ['fail', ['F3']],
    ['ready', ['F1']],
    ['running', ['Escape']],
    ['ready', ['X', '1', 'Enter']],
    ['ready', ['S', 'N', '2', '6', 'Enter']],
    ['ready', ['S', 'N', '2', '6', '1', '1']],
  ];
  for (const [scene, keys] of pressed) {
    const name = `${scene}-${keys.join('')}`;
    const act: NonNullable<Shot['act']> = async (page) => {
      for (const key of keys) await page.keyboard.press(key);
    };
    list.push(...bothWays({ name, scene, slots: 4, act }));
  }
  return list;
}
