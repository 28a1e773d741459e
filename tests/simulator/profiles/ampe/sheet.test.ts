import { describe, expect, it } from 'vitest';

import { ACTIONS } from '../../../../simulator/profiles/ampe/actions/index.ts';
import { AMPE_SHEET, shapeOf } from '../../support/ampe-sheet.ts';
import { TestSimulator } from '../../../kit/test-simulator.ts';
import { AmpeClient } from './client.ts';

const start = (options: Parameters<typeof TestSimulator.start>[0] = {}): Promise<TestSimulator> =>
  TestSimulator.start({ profile: 'ampe', timeScale: 0.03, ...options });
const connect = async (simulator: TestSimulator): Promise<AmpeClient> =>
  (await AmpeClient.open(simulator.pathOf(1))).wake();

describe('the simulated terminal against the sheet of document 004', () => {
  it('has the actions of the sheet and no other', () => {
    expect(Object.keys(ACTIONS).toSorted()).toEqual(Object.keys(AMPE_SHEET.actions).toSorted());
  });

  it('answers every request of the sheet with exactly the keys, the types and the text that it prints', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    for (const { section, request, replies } of AMPE_SHEET.exchanges) {
      const taskId = `sheet-${section}`;
      const [printed] = replies;
      client.send(JSON.stringify({ ...request, taskId }));
      const said = await client.message((message) => message['taskId'] === taskId, 8_000);
      // Where the sheet prints no reply only success is known.
      if (printed === undefined) expect(said).toMatchObject({ success: true });
      else {
        expect(shapeOf(said), section).toEqual(shapeOf(printed));
        const { data: _, taskId: __, ...envelope } = printed;
        expect(said, section).toMatchObject(envelope);
      }
      // APDUs are refused while the loop goes on.
      if (request.action === 'startCPUCardLoopRead') await client.call('stopCPUCardLoopRead');
    }
  });

  it('delivers what the sheet prints for each listener', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    await simulator.inner.stimulate(1, { kind: 'card', card: 'id', present: false });
    await simulator.inner.stimulate(1, { kind: 'card', card: 'id', present: true });
    await simulator.inner.stimulate(1, { kind: 'scan', code: 'ANY' });
    await simulator.inner.stimulate(1, { kind: 'card', card: 'social', present: true });
    await client.call('startMicrophoneListener', { isMicrophoneSourceData: false });
    await client.call('startInfraredInductionListener', { intervalTime: 2000 });
    await client.call('startCPUCardLoopRead', { intervalTime: '1000', isComeBackFailed: true });
    client.send('{"call":"ampeStartOperationWatcher","taskId":"idle","params":{}}');
    for (const { listener, deliveries } of AMPE_SHEET.listeners) {
      const { listener: _, ...said } = await client.message((message) => message['listener'] === listener);
      const [printed] = deliveries;
      if (printed === undefined) expect(said).toEqual({});
      else expect(shapeOf(said), listener).toEqual(shapeOf(printed));
    }
    // The second form of two of them.
    await client.call('startMicrophoneListener', { isMicrophoneSourceData: true });
    await simulator.inner.stimulate(1, { kind: 'card', card: 'cpu', present: false });
    const second = async (listener: string, key: string, value?: unknown): Promise<void> => {
      const deliveries = AMPE_SHEET.listeners.find((one) => one.listener === listener)?.deliveries ?? [];
      const { listener: _, ...said } = await client.message(
        ({ listener: name, data }) =>
          name === listener &&
          Object.hasOwn(data as object, key) &&
          (value === undefined || (data as Record<string, unknown>)[key] === value),
      );
      expect(shapeOf(said)).toEqual(shapeOf(deliveries[1]));
    };
    await second('initMicrophoneListener', 'voicecontent');
    await second('CPUCardListener', 'code', -1);
  });

  it('reports failures where and as the sheet prints them', async () => {
    await using simulator = await start();
    await using client = await connect(simulator);
    const failure = (action: string, at = 0): Readonly<Record<string, unknown>> => {
      const exchange = AMPE_SHEET.exchanges.find(({ request }) => request.action === action);
      const { taskId: _, ...printed } = exchange?.failures[at] ?? {};
      return printed;
    };
    const says = async (action: string, params: object, at = 0): Promise<void> => {
      const taskId = client.begin(action, params);
      const { taskId: _, ...said } = await client.message((message) => message['taskId'] === taskId);
      const printed = failure(action, at);
      expect(shapeOf(said), action).toEqual(shapeOf(printed));
      expect({ ...said, data: undefined }, action).toEqual({ ...printed, data: undefined });
    };
    await simulator.inner.changeFaults(1, { add: [{ fault: 'no-smile', times: 1 }] });
    await says('initFace', { scope: 'auth_user' });
    await says('getFaceInfo', {});
    await simulator.inner.stimulate(1, { kind: 'card', card: 'id', present: false });
    await says('getIDCardInfo', { infoType: 'base' });
    await simulator.inner.stimulate(1, { kind: 'person', present: false });
    await says('enterIDNumber', {});
    await simulator.inner.stimulate(1, { kind: 'card', card: 'cpu', present: false });
    await says('readOnceCPUCardInfo', {}, 1);
    await says('sendCPUCardCommand', { commandApdu: '0084000008', type: '1' });
    // Nothing was executed, so that the list of results is empty.
    expect(await client.call('sendCPUCardApduCommands', { commandApdus: ['00'], type: '1' })).toMatchObject({
      success: false,
      message: failure('sendCPUCardApduCommands')['message '],
      data: { nfc_commandResults: [] },
    });
    await simulator.inner.stimulate(1, { kind: 'card', card: 'cpu', present: true });
    await client.call('readOnceCPUCardInfo');
    await says('sendCPUCardApduCommands', { commandApdus: ['0084000008', '00'], type: 1 }, 1);
    await says('sendCPUCardApduCommands', { commandApdus: ['0084000008', '00A40000024711'], type: 1 }, 2);
    await says('sendCPUCardCommand', { commandApdu: 'no hex', type: '2', slot: '2' }, 1);
    await says('psamCardColdReset', { slot: '3' }, 1);
  });
});
