import { contract } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import { stationInfo } from '../fixtures/station.ts';
import { TRIPLE_FILES } from '../fixtures/triple-files.ts';
import type { Answers } from '../mock-station.ts';
import { batchAnswers } from './batches.ts';
import { documentAnswers } from './documents.ts';
import { firmwareAnswers } from './firmware.ts';
import { foreignRunAnswers } from './foreign-runs.ts';
import { labelAnswers } from './labels.ts';
import { labelTemplateAnswers } from './label-templates.ts';
import { nearbyAnswers } from './nearby.ts';
import { recipeAnswers } from './recipes.ts';
import { returnAnswers } from './returns.ts';
import { runAnswers } from './runs.ts';
import { sessionAnswers } from './session.ts';
import { slotAnswers } from './slots.ts';
import { stationAnswers } from './station.ts';
import { syncAnswers } from './sync.ts';
import { FIRST_START, FIRST_START_ELSEWHERE, SAMPLE_SETUP, setupAnswers } from './setup.ts';
import { tripleAnswers } from './triples.ts';
import { userAnswers } from './users.ts';
import { wifiCodeAnswers } from './wifi-codes.ts';

/** The answers to all calls that a scene shows. */
export function answersAt(nowMs: number, stationName = 'L3-07'): Answers {
  return {
    'station.info': (_, { station }) =>
      stationInfo({ station: stationName, slots: station.state('slots').slots.length }),
    ...sessionAnswers,
    ...setupAnswers,
    ...userAnswers(nowMs),
    ...slotAnswers,
    ...batchAnswers(nowMs),
    ...documentAnswers(nowMs),
    ...recipeAnswers(nowMs),
    ...labelTemplateAnswers(nowMs),
    ...runAnswers(nowMs),
    ...foreignRunAnswers(nowMs),
    ...nearbyAnswers,
    ...returnAnswers(nowMs),
    ...tripleAnswers(),
    ...firmwareAnswers,
    ...labelAnswers(),
    ...syncAnswers(nowMs),
    ...wifiCodeAnswers(nowMs),
    ...stationAnswers(stationName, nowMs),
  };
}

/** Other answers that a page may get, by name. */
export const VARIANTS = {
  /** The station never answers. */
  'no-answers': () => everyAnswer(() => new Promise<never>(() => undefined)),
  /** The station refuses everything. */
  faults: () =>
    everyAnswer(() => {
      throw new Fault('disk-full', 'the disk has 0 bytes left');
    }),
  'no-users': () => FIRST_START,
  'no-users-elsewhere': () => FIRST_START_ELSEWHERE,
  'sample-line': () => SAMPLE_LINE,
  'many-runs': (nowMs) => runAnswers(nowMs, 12_000),
  'no-foreign-runs': (nowMs) => foreignRunAnswers(nowMs, { count: 0 }),
  'foreign-file-with-errors': (nowMs) => foreignRunAnswers(nowMs, { file: 'errors' }),
  'foreign-file-with-unknown-columns': (nowMs) => foreignRunAnswers(nowMs, { file: 'columns' }),
  'slow-units': (nowMs) => returnAnswers(nowMs, 60_000),
  'file-with-bad-rows': () => tripleAnswers(TRIPLE_FILES['bad-rows']),
  'file-with-unknown-columns': () => tripleAnswers(TRIPLE_FILES['unknown-columns']),
  'file-with-two-names': () => tripleAnswers(TRIPLE_FILES['two-names']),
  'file-with-notes': () => tripleAnswers(TRIPLE_FILES.notes),
  'file-after-restore': () => tripleAnswers(TRIPLE_FILES['after-restore']),
} as const satisfies Readonly<Record<string, (nowMs: number) => Answers>>;

export type VariantName = keyof typeof VARIANTS;

/** The users of a sample line, as `station/administration/users/sample-users.ts` has them. */
const SAMPLE_LINE: Answers = {
  ...SAMPLE_SETUP,
  'session.users': {
    users: [
      { name: 'sample-engineer', role: 'engineer' },
      { name: 'sample-operator', role: 'operator' },
      { name: 'sample-support', role: 'support' },
    ],
    samplePins: [
      { name: 'sample-engineer', pin: '246800' },
      { name: 'sample-operator', pin: '1111' },
      { name: 'sample-support', pin: '222222' },
    ],
    canResetPin: false,
  },
};

/** The same answer to all calls, except to those that the start of a page needs. */
function everyAnswer(answer: () => Promise<never>): Answers {
  const names = Object.keys(contract.calls).filter(
    (name) => !['station.info', 'session.users'].includes(name),
  );
  return Object.fromEntries(names.map((name) => [name, answer]));
}
