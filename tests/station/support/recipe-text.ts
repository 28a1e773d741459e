import { PRODUCT } from './sample-store.ts';

/** The sample recipe's way through a unit, for another product and with the patience of a test. */
export function recipeText(
  options: { readonly commandTimeoutMs?: number; readonly confirm?: string; readonly steps?: string } = {},
): string {
  return `gongwei: recipe/1
name: test-recipe
version: 1.0.0
title: { zh-CN: 测试, en: Test }
product: ${PRODUCT}
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: at-module
  region: ap-guangzhou
  serial: { baudRate: 115200, commandTimeoutMs: ${options.commandTimeoutMs ?? 5000} }
phases:
  - name: identify
    kind: setup
    steps: [{ verb: identify, firmware: '^QCloud_AT' }, { verb: log-out }]
  - name: burn
    steps: [{ verb: burn-triple }]
${
  options.steps ??
  `  - name: test
    steps:
      - verb: at-command
        name: flash-size
        send: AT+TCMODULE
        expect: '[Ff]lash size\\s*:\\s*(\\d+)\\s*MB'
        measure: [{ name: flash-size, group: 1, as: number, unit: MB, limits: { min: 1, max: 16 } }]
  - name: online
    steps: [{ verb: prove-online, timeoutMs: 20000, confirm: ${options.confirm ?? 'registry'} }]
  - name: label
    steps: [{ verb: label }]
`
}  - name: leave
    kind: teardown
    steps: [{ verb: log-out }]
`;
}
