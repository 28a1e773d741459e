import { type AtProduct, ESP8266_FIRMWARE } from '../../parts/at/index.ts';
import { Thing, type ThingModel } from '../../parts/thing/index.ts';

/** The thing model of the platform's sample product. */
const LAMP_MODEL: ThingModel = {
  version: '1.0',
  profile: { ProductId: 'GWDEMO0001', CategoryId: '1' },
  properties: [
    {
      id: 'power_switch',
      name: '电灯开关',
      desc: '',
      mode: 'rw',
      required: true,
      define: { type: 'bool', mapping: { '0': '关', '1': '开' } },
    },
    {
      id: 'brightness',
      name: '亮度',
      desc: '',
      mode: 'rw',
      required: false,
      define: { type: 'int', min: '0', max: '100', start: '0', step: '1', unit: '%' },
    },
  ],
  events: [],
  actions: [],
};

/** The application of the module: a lamp, as in the sample products of the platform. */
export const lamp: AtProduct = {
  firmware: ESP8266_FIRMWARE,
  start({ connection, context }) {
    const state: Record<string, unknown> = { power_switch: 0, brightness: 100 };
    const thing = new Thing({
      model: LAMP_MODEL,
      connection,
      nowMs: context.nowMs,
      state: () => state,
      set: (id, value) => {
        state[id] = value;
      },
    });
    return {
      onConnected: (identity) => thing.onConnected(identity),
      onMessage: (identity, topic, payload) => thing.onMessage(identity, topic, payload),
    };
  },
};
