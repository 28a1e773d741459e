/** ProductId of all units. */
export const PRODUCT = 'GWTORTURE1';

/** The phases of the recipe. */
export const PHASES = ['identify', 'burn', 'test', 'online', 'label', 'leave'] as const;

/** A short recipe that burns, tests, proves by a login and labels. */
export const RECIPE = `
gongwei: recipe/1
name: torture
version: 1.0.0
title: { zh-CN: 折磨, en: Torture }
product: ${PRODUCT}
serialNumber:
  pattern: 'SN\\d{6}'
  example: SN000001
device:
  profile: at-module
  region: ap-guangzhou
  serial:
    baudRate: 115200
    commandTimeoutMs: 1500
phases:
  - name: identify
    kind: setup
    steps:
      - verb: identify
  - name: burn
    steps:
      - verb: burn-triple
  - name: test
    steps:
      - verb: at-command
        name: flash-size
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure:
          - { name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }
  - name: online
    steps:
      - verb: prove-online
        timeoutMs: 15000
  - name: label
    steps:
      - verb: label
  - name: leave
    kind: teardown
    steps:
      - verb: log-out
`;
