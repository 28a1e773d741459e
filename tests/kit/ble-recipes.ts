/** The text of a recipe for the simulated thermometer, which has no port; the steps of a test are its phase `bluetooth`. */
export function thermometerRecipe(steps: string, more = ''): string {
  return `gongwei: recipe/1
name: ble-test
version: 1.0.0
title: { zh-CN: 蓝牙, en: Bluetooth }
product: GWTEMP0001
serialNumber: { pattern: 'SN\\d{6}', example: SN000001 }
device:
  profile: described
  ble:
    identify:
      localName: '^TEMP_(?<productId>\\w+)$'
      manufacturerData: '^FFFF(?<mac>.{12})(?<serialNumber>.{16})$'
      services: ['1809']
      listenMs: 200
${more === '' ? '' : `    ${more.replaceAll(', ', '\n    ')}\n`}phases:
  - name: identify
    kind: setup
    steps: [{ verb: identify }]
  - name: bluetooth
    steps:
${steps.replace(/^\n/, '')}
`;
}
