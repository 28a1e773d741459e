import type { SetupState } from '#shared/contract/index.ts';
import type { Answers } from '../mock-station.ts';

const DONE: SetupState['done'] = {
  engineer: true,
  name: true,
  registry: true,
  slots: true,
  triples: true,
  batch: true,
  pass: true,
};

/** A station that is set up. */
export const setupAnswers: Answers = {
  'setup.state': { needsEngineer: false, atComputer: true, done: DONE, station: 'L3-07', sampleLine: false },
};

const NEW: SetupState = {
  needsEngineer: true,
  atComputer: true,
  done: { ...DONE, engineer: false, name: false, registry: false, triples: false, batch: false, pass: false },
  station: 'line-pc',
  sampleLine: false,
};

/** A station at its first start: it has slots and nothing else. */
export const FIRST_START: Answers = {
  'session.users': { users: [], samplePins: [], canResetPin: false },
  'setup.state': (_, { station }) => {
    const { signedIn } = station.state('session');
    return { ...NEW, needsEngineer: !signedIn, done: { ...NEW.done, engineer: signedIn } };
  },
  'setup.addFirstEngineer': ({ name }, { station }) => {
    station.session.change({ role: 'engineer', user: name });
    return station.state('session');
  },
};

/** The same, asked from another computer. */
export const FIRST_START_ELSEWHERE: Answers = {
  ...FIRST_START,
  'setup.state': { ...NEW, atComputer: false },
};

/** A sample line, with a user that an engineer has added. */
export const SAMPLE_SETUP: Answers = {
  'setup.state': {
    needsEngineer: false,
    atComputer: true,
    done: DONE,
    station: 'sample-1',
    sampleLine: true,
  },
  'setup.sampleLine': { realData: [] },
  'setup.endSampleLine': { restarts: true },
};
