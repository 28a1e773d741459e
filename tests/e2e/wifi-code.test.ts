import { execFileSync } from 'node:child_process';
import { expect, test } from 'vitest';
import { moduleRecipe } from '../kit/recipes.ts';
import { startPages } from '../kit/pages.ts';
import { simulated } from '../kit/units.ts';
import { expectSameAgain } from '../station/execution/replay/replay-support.ts';
import { filesWith } from '../support/files-below.ts';

const NETWORK = { name: 'line', ssid: 'Line 3 of Gongwei', password: 'correct-horse-battery' };
const STEPS = `  - name: provision
    steps:
      - { verb: wifi-code, network: line, withinMs: 60000 }
      - { verb: log-out, name: offline }
      - { verb: prove-online, confirm: registry, timeoutMs: 20000 }
      - { verb: unbind }
`;

/** What zbarimg reads in a picture. */
function decode(picture: Buffer): string {
  const args = ['--quiet', '--raw', '--nodbus', '--oneshot', '-Sdisable', '-Sqrcode.enable', '-'];
  return execFileSync('zbarimg', args, { input: picture, encoding: 'utf8' }).replace(/\n$/, '');
}

test('a camera reads its code from the tile, joins the network, reports its token, is proven and released', async () => {
  await using pages = await startPages({
    units: simulated(1, {
      profile: 'camera',
      timeScale: 0.05,
      wifi: [{ ssid: NETWORK.ssid, password: NETWORK.password }],
    }),
    recipe: moduleRecipe({ steps: STEPS }),
    triples: 1,
  });
  const { page, setup } = pages;
  const { station } = setup;
  station.networks.set(NETWORK, { user: 'Li', role: 'engineer' });
  await page.getByTestId('batch-picker').waitFor();
  await page.keyboard.press('Enter');
  await page.getByTestId('slot-1').waitFor();
  const serialNumber = setup.units.serialOf(1);
  const started = station.startUnit({ batchId: setup.batchId, serialNumber, operator: 'Li', slot: 1 });

  const picture = page.getByTestId('code-picture');
  const ended = started.finished.then(({ failure }) => expect(failure).toBeNull());
  await Promise.race([picture.waitFor(), ended]);
  expect(await page.getByTestId('code-ssid').textContent()).toBe(NETWORK.ssid);
  // The page has forgotten everything after a reload, and the code is still shown.
  await page.reload();
  await picture.waitFor();
  expect(JSON.stringify(station.slots.state)).not.toContain(NETWORK.password);
  const text = decode(await page.getByTestId('slot-1').screenshot());
  const [, token = ''] = /^17Line 3 of Gongwei21correct-horse-battery32(v3_[0-9a-f]{29})$/.exec(text) ?? [];
  expect(token).not.toBe('');

  await setup.units.simulator.inner.stimulate(1, { kind: 'scan', code: text });
  const result = await started.finished;
  expect(result).toMatchObject({ outcome: 'PASS', failure: null });
  await picture.waitFor({ state: 'detached' });
  const measured = station.database.runs.listMeasurements(result.runId).map(({ name }) => name);
  expect(measured).toContain('seconds-to-online');
  await expectSameAgain(setup.dataDir, result, 1);
  await setup.close();
  for (const secret of [NETWORK.password, NETWORK.ssid, token])
    expect(filesWith(setup.dataDir, secret)).toEqual([]);
  expect(pages.problems()).toEqual([]);
});
