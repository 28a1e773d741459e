import type { Define, ThingModel } from '../thing/index.ts';

export const ON_OFF: Define = { type: 'bool', mapping: { '0': '关', '1': '开' } };

/** The properties that the console gives to every product of IoT Video (document 001). */
const SYSTEM_PROPERTIES: ThingModel['properties'] = [
  property('_sys_xp2p_info', 'xp2p信息', { type: 'string', min: '0', max: '64' }),
  property('_sys_cs_days', '云存全时天数', int('0', '100', '')),
  property('_sys_cs_status', '云存开关', ON_OFF),
  property('_sys_cs_type', '云存类型', { type: 'enum', mapping: { '1': '全时', '2': '事件' } }),
];

const CLOUD_EVENT: ThingModel['events'][number] = {
  id: 'cs_event',
  name: '云存事件',
  desc: '',
  type: 'info',
  required: false,
  params: [{ id: 'event_id', name: '事件编号', desc: '', define: int('1', '17', '') }],
};

const NOTICE: ThingModel['events'][number] = {
  id: 'notice',
  name: '消息通知',
  desc: '',
  type: 'info',
  required: false,
  params: [
    { id: 'notice_id', name: '通知编号', desc: '', define: int('1', '12', '') },
    {
      id: 'ext',
      name: '扩展',
      desc: '可选',
      define: {
        type: 'struct',
        specs: [
          { id: 'unlock_type', name: '开门方式', dataType: int('1', '9', '') },
          { id: 'unknown_info_id', name: '未知情况', dataType: int('1', '6', '') },
        ],
      },
    },
  ],
};

/**
 * An IoT Video model with the properties and actions of a product. The events `cs_event` and `notice` are specific to the
 * sample products: document 001 prints a product without events, which are sent by calls of the device SDK
 * (`iv_cs_event_start`, `iv_cs_event_directly_report`, `iv_msg_send_notice`).
 */
export function iotVideoModel(
  productId: string,
  categoryId: string,
  own: Pick<ThingModel, 'properties' | 'actions'>,
  hasNotices: boolean,
): ThingModel {
  return {
    version: '1.0',
    profile: { ProductId: productId, CategoryId: categoryId },
    properties: [...SYSTEM_PROPERTIES, ...own.properties],
    events: hasNotices ? [CLOUD_EVENT, NOTICE] : [CLOUD_EVENT],
    actions: own.actions,
  };
}

export function property(
  id: string,
  name: string,
  define: Define,
  mode: 'rw' | 'r' = 'rw',
  desc = '',
): ThingModel['properties'][number] {
  return { id, name, desc, mode, required: false, define };
}

export function int(min: string, max: string, unit: string): Define {
  return { type: 'int', min, max, start: '0', step: '1', unit };
}
