import { iotVideoModel, property } from '../../parts/iot-video/index.ts';
import { LOCK_PROPERTIES, UNLOCK_REMOTE } from '../../parts/lock/index.ts';

/**
 * Properties and actions of document 001; category 595 (lock) is of Tencent's public API pages of IoT Video (CreateProduct);
 * ProductId and events are specific to the sample product.
 */
export const VIDEO_LOCK_MODEL = iotVideoModel(
  'GWVIDLOCK1',
  '595',
  {
    properties: [
      ...LOCK_PROPERTIES,
      property(
        'wakeup_state',
        '唤醒状态',
        { type: 'bool', mapping: { '0': '休眠状态', '1': '唤醒状态' } },
        'r',
        '设备主动上报是否处于唤醒状态',
      ),
      property('cards', '卡片', {
        type: 'array',
        arrayInfo: {
          type: 'struct',
          specs: [
            { id: 'id', name: 'id', dataType: { type: 'string', min: '0', max: '100' } },
            { id: 'card_name', name: 'card_name', dataType: { type: 'string', min: '0', max: '20' } },
          ],
        },
      }),
    ],
    actions: [
      {
        id: 'wake_up',
        name: '唤醒门锁',
        desc: '',
        required: false,
        input: [],
        output: [
          {
            id: 'wakeup_state',
            name: '唤醒状态',
            define: { type: 'bool', mapping: { '0': '未唤醒', '1': '已成功唤醒' } },
          },
        ],
      },
      UNLOCK_REMOTE,
    ],
  },
  true,
);
