import type { ThingModel } from '../../parts/thing/index.ts';

/** The sample product's thing model in Tencent's cloud: a voice-controlled lamp. */
export const VOICE_LAMP_MODEL: ThingModel = {
  version: '1.0',
  profile: { ProductId: 'GWVOICE001', CategoryId: '1' },
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
      id: 'volume',
      name: '音量',
      desc: '',
      mode: 'rw',
      required: false,
      define: { type: 'int', min: '0', max: '5', start: '0', step: '1', unit: '' },
    },
  ],
  events: [
    {
      id: 'word_heard',
      name: '识别到词条',
      desc: '',
      type: 'info',
      required: false,
      params: [
        {
          id: 'word_id',
          name: '词条编号',
          desc: '',
          define: { type: 'int', min: '1', max: '255', start: '0', step: '1', unit: '' },
        },
      ],
    },
  ],
  actions: [],
};
