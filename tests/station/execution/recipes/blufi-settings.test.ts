import { expect, it } from 'vitest';
import { inspectRecipe } from '#station';

const issuesOf = (step: string): readonly string[] =>
  inspectRecipe(`gongwei: recipe/1
name: blufi
version: 1.0.0
title: { zh-CN: 配网, en: Provisioning }
product: CS0SLTKSYA
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: at-module
  region: ap-guangzhou
  serial: { baudRate: 115200 }
phases:
  - name: main
    steps:
      - { verb: identify }
      - { verb: burn-triple }
      - { verb: provision-ble, network: line, ${step} }
  - name: leave
    kind: teardown
    steps: [{ verb: unbind }, { verb: log-out }]
`).issues.map(({ message }) => message);

it.each([
  ['method: blufi', ''],
  ['method: blufi-v2, blufi: { encrypt: false, rssi: { min: -70 } }', ''],
  [`method: blufi, blufi: { customData: 'token={token}' }`, ''],
  [
    'method: tencent-combo, blufi: { acks: true }',
    'is for method: blufi and blufi-v2, not for tencent-combo',
  ],
  ['method: blufi, blufi: { customData: token }', 'must contain {token}, the provisioning token'],
  ['method: blufi, blufi: { rssi: { equals: near } }', 'number'],
  ['method: blufi-v3', 'blufi-v2'],
])('checks the step { %s }', (step, message) => {
  const issues = issuesOf(step).join();
  if (message === '') expect(issues).toBe('');
  else expect(issues).toContain(message);
});
