import type { NearbyReading, NearbyUnit } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';
import { wait } from './wait.ts';

const LAMP = 'A2:B7:16:CA:2C:1D';
/** A round of the page is longer; pictures of pages do not wait so long. */
const ROUND_MS = 150;

const UNITS: readonly NearbyUnit[] = [
  {
    address: LAMP,
    name: `智能设备_${LAMP}`,
    rssiDbm: -44,
    services: ['FFF0', '180F', '180A'],
    company: { id: 'FFFF', name: null, data: 'A2B716CA2C1D' },
    known: { chipId: 'A2B716CA2C1D', serialNumber: 'SN2611200001' },
    methods: ['llsync'],
  },
  {
    address: 'A2:B7:5F:1F:1B:F5',
    name: 'TEMP_GWTEMP0001',
    rssiDbm: -58,
    services: ['1809', '181A', '180F', '180A'],
    company: { id: 'FFFF', name: null, data: 'A2B75F1F1BF5534E303030303031' },
    known: null,
    methods: [],
  },
  {
    address: '5C:F3:70:8B:12:09',
    name: null,
    rssiDbm: -81,
    services: [],
    company: { id: '004C', name: 'Apple', data: '1006471EB2B3A1C9' },
    known: null,
    methods: [],
  },
];

const READING: Omit<NearbyReading, 'address' | 'known' | 'recipe'> = {
  rssiDbm: -45,
  mtu: 247,
  methods: ['llsync'],
  services: [
    { uuid: '1800', characteristics: [value('2A00', ['read'], `智能设备_${LAMP}`)] },
    {
      uuid: 'FFF0',
      characteristics: [
        value('FFF1', ['write', 'writeWithoutResponse'], null),
        { uuid: 'FFF2', properties: ['read', 'notify'], hex: '0000000000', text: null },
      ],
    },
    { uuid: '180F', characteristics: [{ uuid: '2A19', properties: ['read'], hex: '60', text: null }] },
    {
      uuid: '180A',
      characteristics: [
        value('2A24', ['read'], 'GW-BULB-1'),
        value('2A26', ['read'], '1.2.0'),
        value('2A25', ['read'], LAMP),
      ],
    },
  ],
  information: { model: 'GW-BULB-1', firmware: '1.2.0', serialNumber: LAMP, systemId: '1D2CCAFEFF16B7A2' },
};

/** Three units are near; the first is in the records, the last does not accept a connection. */
export const nearbyAnswers: Answers = {
  'nearby.listen': async (_, { signal }) => {
    await wait(ROUND_MS, signal);
    return { units: [...UNITS] };
  },
  'nearby.read': async ({ address }, { signal }) => {
    await wait(30, signal);
    const unit = UNITS.find((one) => one.address === address);
    if (unit === undefined || unit.name === null)
      throw new Fault('ble-lost', `the Bluetooth connection to ${address} was not made in 8000 ms`);
    return { ...READING, address, known: unit.known, recipe: unit.known === null ? null : 'ble-bulb' };
  },
  'nearby.provision': async (_, { signal }) => {
    await wait(30, signal);
    return {
      ssid: 'GW-LINE',
      stages: [
        { stage: 'network', said: 'accepted' },
        { stage: 'join', said: 'joined' },
      ],
      secondsToOnline: 3.4,
    };
  },
};

function value(
  uuid: string,
  properties: string[],
  text: string | null,
): NearbyReading['services'][number]['characteristics'][number] {
  const hex =
    text === null
      ? null
      : [...new TextEncoder().encode(text)]
          .map((byte) => byte.toString(16).padStart(2, '0'))
          .join('')
          .toUpperCase();
  return { uuid, properties, hex, text };
}
