/** Version information that a module's firmware reports. */
export interface ModuleFirmware {
  readonly hardware: string;
  readonly version: string;
  readonly atCore: string;
  readonly sdk: string;
  readonly compiledAt: string;
  readonly flashSize: string;
}

/** Version information of the published AT firmware of the ESP8266. */
export const ESP8266_FIRMWARE: ModuleFirmware = {
  hardware: 'ESP-WROOM-02D',
  version: 'QCloud_AT_ESP8266_v3.2.1',
  atCore: '1.7.4.0-dev(a5a3c9a)',
  sdk: 'v3.4-22-g967752e2',
  compiledAt: 'Nov 12 2021 10:05:20',
  flashSize: '2MB',
};
