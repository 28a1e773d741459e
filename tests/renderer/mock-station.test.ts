import { describe, expect, it } from 'vitest';
import { contract } from '#shared/contract/index.ts';
import { type Client, connect, createInMemoryTransports } from '#shared/rpc/index.ts';
import type { VARIANTS } from '../../renderer/dev/answers/index.ts';
import { changeSlot } from '../../renderer/dev/answers/slots.ts';
import { runView, slotView } from '../../renderer/dev/fixtures/slots.ts';
import { syncState } from '../../renderer/dev/fixtures/station.ts';
import { MockStation } from '../../renderer/dev/mock-station.ts';
import { openScene } from '../../renderer/dev/open-scene.ts';
import { type SceneName, SCENES } from '../../renderer/dev/scenes.ts';

type TopicName = keyof (typeof contract)['topics'];
const TOPICS = Object.keys(contract.topics) as TopicName[];

function connected(station: MockStation): Client<typeof contract> {
  const [page, host] = createInMemoryTransports();
  station.serve(host);
  const client = connect(contract);
  client.attach(page);
  return client;
}

describe('a scene', () => {
  it.each(Object.keys(SCENES) as SceneName[])(
    '%s has a state for each topic, as the contract wants it',
    async (name) => {
      for (const slots of [0, 1, 16]) {
        const station = openScene(name, { slots, role: 'engineer' });
        const client = connected(station);
        for (const topic of TOPICS) {
          const state = await new Promise<unknown>((resolve) => client.watch(topic, { onState: resolve }));
          expect(state, topic).toEqual(station.state(topic));
        }
        expect(station.state('slots').slots).toHaveLength(slots);
      }
    },
  );

  it('answers as its variant says', async () => {
    const users = (variant: keyof typeof VARIANTS | null) =>
      connected(openScene('ready', { variant })).call('session.users', {});
    expect((await users(null)).users).not.toEqual([]);
    expect((await users('no-users')).users).toEqual([]);
    expect((await users('sample-line')).samplePins).toHaveLength(3);
    const refusing = connected(openScene('ready', { variant: 'faults' }));
    await expect(refusing.call('firmware.fields', {})).rejects.toMatchObject({ code: 'disk-full' });
  });
});

describe('a mock station', () => {
  it('needs a fixture only for what is shown: other calls are refused, other topics say nothing', async () => {
    const station = new MockStation({ sync: syncState() }, { 'batches.list': { batches: [] } });
    const client = connected(station);
    const states: unknown[] = [];
    client.watch('slots', { onState: (state) => states.push(state) });
    client.watch('sync', { onState: (state) => states.push(state) });
    expect(await client.call('batches.list', {})).toEqual({ batches: [] });
    await expect(client.call('station.info', {})).rejects.toMatchObject({
      code: 'not-found',
      message: 'no fixture answers station.info',
    });
    station.publish('sync', syncState({ pending: 1 }));
    await client.call('batches.list', {});
    expect(states).toEqual([syncState(), syncState({ pending: 1 })]);
  });

  it('replaces answers, and records calls without their PINs', async () => {
    const station = openScene('ready');
    const client = connected(station);
    const fields = { version: 'a.b' };
    station.answer({ 'firmware.fields': { fields } });
    expect(await client.call('firmware.fields', {})).toEqual({ fields });
    await client.call('session.signIn', { name: 'Ana', pin: '246800' });
    expect(station.inputsOf('session.signIn')).toEqual([{ name: 'Ana', pin: '****' }]);
    expect(station.state('session')).toEqual({ role: 'support', user: 'Ana', signedIn: true });
  });

  it('notes what it refuses to the role of the user', async () => {
    const station = openScene('ready');
    const client = connected(station);
    await expect(client.call('sync.drain', {})).rejects.toMatchObject({ code: 'forbidden' });
    const fault = await new Promise<string>((resolve) =>
      client.watch('exports', { onState: () => undefined, onFault: ({ code }) => resolve(code) }),
    );
    expect(fault).toBe('forbidden');
    expect(station.refused).toEqual([
      { name: 'sync.drain', role: 'operator' },
      { name: 'exports', role: 'operator' },
    ]);
  });

  it('has no slot that its scene has not', () => {
    expect(() => changeSlot(openScene('ready', { slots: 2 }), 3, {})).toThrow('there is no slot 3');
  });
});

it('fixtures that do not fit the contract throw where they are made', () => {
  expect(() => slotView({ slot: 0 })).toThrow();
  expect(() => runView({ progress: 2 })).toThrow();
});
