import { expect, it } from 'vitest';
import { CODE_SCREEN, instrumentSetting } from '#shared/domain/instrument.ts';
import { InstrumentSession } from '../../../../station/devices/instruments/index.ts';
import { moduleRecipe } from '../../../kit/recipes.ts';
import { startStation } from '../../../kit/station.ts';
import { simulated } from '../../../kit/units.ts';
import { NEVER_ABORTED } from '../../../support/never-aborted.ts';
import { expectSameAgain } from '../replay/replay-support.ts';

const BY = { user: 'Li', role: 'engineer' } as const;
const NETWORK = { name: 'line', ssid: 'Line 3', password: 'correct-horse-battery' };
const SCREEN = instrumentSetting.parse({ name: CODE_SCREEN, address: 'left', kind: 'place' });
const STEPS = `  - name: provision
    steps: [{ verb: wifi-code, network: line, withinMs: 60000 }]
  - name: release
    kind: teardown
    steps: [{ verb: unbind }]
`;

it('units of two slots before one screen show their codes in turns, and each reports its own token', async () => {
  await using setup = await startStation({
    units: simulated(2, {
      profile: 'camera',
      timeScale: 0.02,
      wifi: [{ ssid: NETWORK.ssid, password: NETWORK.password }],
    }),
    registry: 'real',
    recipe: moduleRecipe({ steps: STEPS }),
    triples: 2,
  });
  const { station, units } = setup;
  station.networks.set(NETWORK, BY);
  station.lending.instrumentSettings.set([SCREEN], BY);
  const shown = new Set<number>();
  const order: number[] = [];
  let most = 0;
  const otherWaits = Promise.withResolvers<string>();
  station.onRunEvent((slot, event) => {
    if (event.kind === 'waiting' && event.names !== null) otherWaits.resolve(`${slot} ${event.names}`);
  });
  station.codes.watch((slot, code) => {
    if (code === null) return void shown.delete(slot);
    shown.add(slot);
    order.push(slot);
    most = Math.max(most, shown.size);
    const { payload } = station.codes.read(slot, code.codeId);
    // The first unit reads its code when the second one waits for the screen.
    void otherWaits.promise.then(() =>
      units.simulator.inner.stimulate(slot, { kind: 'scan', code: payload }),
    );
  });
  const results = await Promise.all([setup.run(1), setup.run(2)]);
  expect(results.map(({ outcome, failure }) => failure?.message ?? outcome)).toEqual(['PASS', 'PASS']);
  const [first, second] = order;
  expect([first, second].toSorted()).toEqual([1, 2]);
  expect(most).toBe(1);
  expect(await otherWaits.promise).toBe(`${second} ${CODE_SCREEN}`);
  const last = results.find(({ slot }) => slot === second);
  if (last !== undefined) await expectSameAgain(setup.dataDir, last, 1);
});

it('a place is lent in turns, and nothing is sent to it', async () => {
  await expect(InstrumentSession.open(SCREEN, {} as never, false, NEVER_ABORTED)).rejects.toMatchObject({
    code: 'recipe-invalid',
    message: 'instrument code-screen is a place: nothing can be sent to it',
  });
});
