/** The firmware that simulated modules carry, as they speak of it. */
export const FIRMWARE = {
  hardware: 'ESP-WROOM-02D',
  version: 'QCloud_AT_ESP8266_v3.2.1',
  atCore: '1.7.4.0-dev(a5a3c9a)',
  sdk: 'v3.4-22-g967752e2',
  compiledAt: 'Nov 12 2021 10:05:20',
  flashSize: '2MB',
} as const;
