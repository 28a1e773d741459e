import { int, property } from '../iot-video/index.ts';
import type { ThingModel } from '../thing/index.ts';

export const LOCK_PROPERTIES: ThingModel['properties'] = [
  property('lock_motor_state', '落锁状态', { type: 'bool', mapping: { '0': '未落锁', '1': '已落锁' } }, 'r'),
  property('battery_percentage', '电池电量', int('-1', '100', '百分比'), 'rw', '-1表示未获取到电量'),
];

export const UNLOCK_REMOTE: ThingModel['actions'][number] = {
  id: 'unlock_remote',
  name: '远程解锁',
  desc: '',
  required: false,
  input: [],
  output: [
    {
      id: 'result',
      name: '开锁成功状态',
      define: { type: 'bool', mapping: { '0': '开锁失败', '1': '开锁成功' } },
    },
  ],
};
