import { backOfficeShots } from './back-office-shots.ts';
import { type Shot, SMALL } from './shot.ts';

type Look = Pick<Shot, 'language' | 'theme'>;
const DAY_ZH: Look = { language: 'zh-CN', theme: 'light' };
const DAY_EN: Look = { language: 'en', theme: 'light' };
const NIGHT_EN: Look = { language: 'en', theme: 'dark' };

/** The pictures of the manual, by their name: each in the folders of both languages. */
const IN_MANUAL: readonly (readonly [name: string, shot: string])[] = [
  ['setup', 'sign-in-nobody'],
  ['triples', 'triples'],
  ['triples-import', 'triples-bad'],
  ['firmware', 'firmware'],
  ['recipe', 'recipe-broken'],
  ['batch', 'batch'],
  ['batch-measured', 'batch-measured'],
  ['run', 'run-fail'],
  ['users', 'users'],
  ['station-slots', 'station-slots'],
  ['sync', 'sync'],
  ['support-dossier', 'returns-in-doubt'],
  ['support-reissue', 'returns-form'],
  ['label', 'label'],
  ['export', 'export'],
  ['balance', 'balance'],
  ['reports', 'reports'],
];

/** The few that `docs/screens/` shows, by the name of their file: each page once, both languages, light and dark. */
export function documentedShots(): Shot[] {
  const operator = (name: string, scene: Shot['scene'], slots: number, look: Look): Shot => ({
    name,
    scene,
    slots,
    size: SMALL,
    ...look,
  });
  const backOffice = backOfficeShots();
  const of = (name: string, from: string, look: Look): Shot => {
    const found = backOffice.find((shot) => shot.name === from);
    if (found === undefined) throw new Error(`there is no picture of ${from}`);
    return { ...found, name, size: SMALL, ...look };
  };
  return [
    ...[DAY_EN, DAY_ZH].flatMap((look) => [
      operator(`${look.language}/operator-4-running`, 'running', 4, look),
      operator(`${look.language}/operator-1-asking`, 'ask-pass-fail', 1, look),
      operator(`${look.language}/label-refused`, 'label-refused', 4, look),
      ...IN_MANUAL.map(([name, shot]) => of(`${look.language}/${name}`, shot, look)),
    ]),
    operator('operator-1-ready', 'ready', 1, DAY_EN),
    operator('operator-4-fail', 'fail', 4, DAY_ZH),
    operator('operator-4-pass', 'pass', 4, NIGHT_EN),
    { ...operator('operator-16-asking', 'ask-mixed', 16, NIGHT_EN), size: [1210, 756] },
    // Stripes and dots make a large file; a little smaller it is still read.
    { ...operator('operator-16', 'mixed', 16, DAY_ZH), size: [1210, 756] },
    {
      ...operator('operator-4-written', 'ask-text', 4, DAY_ZH),
      act: (page) => page.keyboard.insertText('恒能电池 26-11 批'),
    },
    of('sign-in', 'sign-in-pin', NIGHT_EN),
    of('support-foreign', 'returns-foreign', DAY_ZH),
    of('batches', 'batches', DAY_ZH),
    of('runs', 'runs', DAY_ZH),
    operator('no-paper', 'no-paper', 4, NIGHT_EN),
    of('imported-runs', 'imported-check', DAY_EN),
    of('recipe-dry-run', 'recipe-dry-run', NIGHT_EN),
    of('station-doctor', 'station-doctor', NIGHT_EN),
  ];
}
