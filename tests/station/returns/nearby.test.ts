import { expect, it } from 'vitest';
import { listenNearby, readNearby } from '../../../station/returns/nearby/nearby.ts';
import { startStation } from '../../kit/station.ts';
import { simulated } from '../../kit/units.ts';
import { thermometerRecipe } from '../../kit/ble-recipes.ts';
import { NEVER_ABORTED } from '../../support/never-aborted.ts';
import { PATIENCE_MS } from '../../support/patience.ts';

it('what is near: strongest first, with services, company and the unit of the records; one is read, unless a slot tests it', async () => {
  await using setup = await startStation({
    units: simulated(3, {
      profile: 'ble-thermometer',
      ble: true,
      portless: 1,
      faults: { units: { 2: [{ fault: 'ble-weak', rssiDbm: -85 }] } },
    }),
    recipe: thermometerRecipe(`
      - { verb: prompt, kind: confirm, ask: { zh-CN: 好, en: Ready } }`),
  });
  const { macs } = setup.units;
  const [first = '', far = ''] = macs;
  const { ble } = setup.units.platform;
  if (ble === undefined) throw new Error('the station has no Bluetooth');
  const { database, batches } = setup.station;
  const options = { platform: { ble }, database, batches };
  const near = async (): ReturnType<typeof listenNearby> => listenNearby(options, 400, NEVER_ABORTED);
  await expect
    .poll(async () => (await near()).map(({ address }) => address).sort())
    .toEqual([...macs].sort());
  const units = await near();
  expect(units.at(-1)?.address).toBe(far);
  expect(units.find(({ address }) => address === first)).toMatchObject({
    name: 'TEMP_GWTEMP0001',
    services: ['1809', '181A', '180F', '180A'],
    company: {
      id: 'FFFF',
      name: null,
      data: expect.stringMatching(/^[0-9A-F]{12}534E303030303031$/) as string,
    },
    known: null,
    methods: [],
  });

  // A test of it is under way: it is not read.
  const running = setup.run(1);
  const prompt = (): string | undefined => setup.station.slots.state.slots[0]?.run?.prompt?.promptId;
  await expect.poll(prompt, { timeout: PATIENCE_MS }).toBeTruthy();
  await expect(readNearby(options, first, NEVER_ABORTED)).rejects.toMatchObject({ code: 'ble-unseen' });
  setup.station.prompts.answer(1, prompt() ?? '', 'ok');
  expect((await running).outcome).toBe('PASS');

  const reading = await readNearby(options, first, NEVER_ABORTED);
  expect(reading).toMatchObject({
    information: { model: 'GW-TEMP-1', firmware: '2.0.1', serialNumber: first },
    known: { chipId: first.replaceAll(':', '') },
    mtu: 256,
    recipe: 'ble-test',
  });
  const health = reading.services.find(({ uuid }) => uuid === '1809')?.characteristics;
  expect(health).toEqual([
    { uuid: '2A1C', properties: ['indicate'], hex: null, text: null },
    { uuid: '2A1D', properties: ['read'], hex: '02', text: null },
  ]);
});
