import type { TortureDevice } from './devices.ts';

type DescribedKind = Exclude<TortureDevice, 'at-module' | 'at-registration' | 'esp32c3'>;

/** What the read-back of a console shows after the name, as a group of the recipe; `null`: nothing. */
const SHOWN: Readonly<Record<Exclude<DescribedKind, 'described-frames'>, string | null>> = {
  'described-full': 'deviceSecret',
  'described-sha256': 'deviceSecretSha256',
  'described-md5': 'deviceSecretMd5',
  'described-crc32': 'deviceSecretCrc32',
  'described-bcc': 'deviceSecretBccHex',
  'described-name': null,
};

/** The parts of a recipe that a described unit needs: `device`, and the steps of the phase `test`. */
export function describedDevice(kind: DescribedKind): { readonly device: string; readonly test: string } {
  return kind === 'described-frames' ? FRAMES : consoleDevice(SHOWN[kind]);
}

function consoleDevice(shown: string | null): { readonly device: string; readonly test: string } {
  const secret = shown === null ? '' : ` (?<${shown}>\\S+)`;
  return {
    device: `  profile: described
  serial: { baudRate: 115200 }
  identify:
    - { text: 'MAC?', expect: '^MAC (?<mac>[0-9A-F:]{17})$', withinMs: 1000 }
  identity:
    write: [{ text: 'SETID {productId} {deviceName} {deviceSecret}', expect: '^OK$', withinMs: 1500 }]
    read: [{ text: 'ID?', expect: '^ID (?<productId>\\S+) (?<deviceName>\\S+)${secret}$', none: '^ID -$', withinMs: 1500 }]
    erase: [{ text: 'CLRID', expect: '^OK$', withinMs: 1500 }]
    login: [{ text: 'LOGIN', expect: '^ONLINE$', withinMs: 6000 }]
    logout: [{ text: 'LOGOUT', expect: '^OK$', withinMs: 1500 }]
    limits: { productId: 16, deviceName: 48, deviceSecret: 44 }`,
    test: `      - verb: request
        name: supply
        text: 'VCC?'
        expect: '^VCC (?<mV>\\d+)$'
        measure: [{ name: supply, group: mV, as: number, unit: mV, limits: { min: 3200, max: 3400 } }]`,
  };
}

const FRAMES = {
  device: `  profile: described
  serial: { baudRate: 115200 }
  frames:
    start: '5A A5'
    length: { bytes: 2, order: big }
    checksum: { kind: crc16-xmodem, order: big, covers: after-start }
  identify:
    - { frame: '01', expectFrame: '^81(?<mac>.{12})', withinMs: 1000 }
  identity:
    write:
      - frame: '10 {productId:bytes} 00 {deviceName:bytes} 00 {deviceSecret:bytes} 00'
        expectFrame: '^9000$'
        withinMs: 1500
    read:
      - frame: '11'
        expectFrame: '^9101(?<productId>(?:..)+?)00(?<deviceName>(?:..)+?)00(?<deviceSecretSha256>.{64})$'
        noneFrame: '^9100$'
        withinMs: 1500
    erase: [{ frame: '12', expectFrame: '^9200$', withinMs: 1500 }]
    login: [{ frame: '13', expectFrame: '^9300$', withinMs: 6000 }]
    logout: [{ frame: '14', expectFrame: '^9400$', withinMs: 1500 }]
    limits: { productId: 16, deviceName: 48, deviceSecret: 44 }`,
  test: `      - verb: request
        name: supply
        frame: '02'
        expectFrame: '^82(?<mV>.{4})$'
        measure: [{ name: supply, group: mV, as: hex, unit: mV, limits: { min: 3200, max: 3400 } }]`,
} as const;
