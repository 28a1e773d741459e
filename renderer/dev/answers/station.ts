import type { PortsState, StationSettings } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Answers } from '../mock-station.ts';
import { instrumentAnswers } from './instruments.ts';
import { networkAnswers } from './networks.ts';
import { quotaAnswers } from './quotas.ts';
import { reportScheduleAnswers } from './report-schedules.ts';
import { printerAnswers } from './printer.ts';
import { toolAnswers } from './tools.ts';
import { updateAnswers } from './updates.ts';
import { upkeepAnswers } from './upkeep.ts';

const PRINT =
  'A4:1F:0C:77:9E:53:2B:D8:61:0A:F4:3C:95:EE:17:80:6D:22:B9:4F:C1:38:5A:E7:90:0D:7B:46:F2:8C:13:DA';

/** A station that is bound to a registry over TLS. A change holds for later reads. */
export function stationAnswers(stationName: string, nowMs: number): Answers {
  let settings: StationSettings = {
    station: stationName,
    registry: {
      url: 'https://192.168.1.5:8443',
      fingerprint: PRINT,
      isOwn: true,
      isProtected: true,
    },
    startMode: 'scan',
    recordings: { maxAgeDays: 365, maxBytes: 20_000_000_000, keepDays: 7 },
    pages: { language: null, theme: null, sound: true },
    program: { version: '0.1.0', node: 'v24.4.1', system: 'linux x64', dataDir: '/srv/line-3/station' },
  };
  return {
    'settings.get': () => settings,
    'settings.change': (change) => {
      if (change.station === 'L3-08')
        throw new Fault('bad-input', '3 triples are leased', {
          details: { from: settings.station, to: change.station, inHand: 3 },
        });
      settings = { ...settings, ...JSON.parse(JSON.stringify(change)) };
      return settings;
    },
    ...portAnswers(),
    ...printerAnswers(),
    ...instrumentAnswers(),
    ...networkAnswers(),
    ...quotaAnswers(nowMs),
    ...reportScheduleAnswers(nowMs),
    ...updateAnswers(nowMs),
    ...upkeepAnswers(nowMs),
    'settings.testRegistry': ({ url, fingerprint }) => {
      const isOther = !url.startsWith('https://192.168.1.5');
      const fault =
        isOther && fingerprint === null
          ? new Fault('registry-untrusted', `no authority has signed ${url}`, {
              details: { place: url, shown: PRINT, pinned: null },
            }).toView()
          : null;
      const found = fault === null ? { version: '0.1.0', tookMs: 12, skewMs: 300 } : NOTHING;
      return { fault, ...found, tokenAccepted: isOther || fault !== null ? null : true, isProtected: true };
    },
    'settings.bindRegistry': ({ url, fingerprint, station }) => {
      const registry = { url, fingerprint, isOwn: true, isProtected: url.startsWith('https:') };
      settings = { ...settings, registry, station: station ?? settings.station };
      return { settings, isReachable: true };
    },
  };
}

const NOTHING = { version: null, tookMs: null, skewMs: null } as const;

/** Three adapters of one kind, two of them with a slot. The one of slot 2 is unplugged and plugged in again. */
function portAnswers(): Answers {
  const portAt = (socket: number, slot: number | null): PortsState['ports'][number] => ({
    path: `/dev/ttyUSB${socket - 1}`,
    location: `usb:1-1.${socket}`,
    title: 'QinHeng Electronics CH340',
    serialNumber: null,
    place: `usb:1-1.${socket}`,
    slot,
  });
  let state: PortsState = {
    ports: [portAt(1, 1), portAt(2, 2), portAt(3, null)],
    slots: [1, 2].map((slot) => ({
      slot,
      place: `usb:1-1.${slot}`,
      inUse: `usb:1-1.${slot}`,
      presence: 'present',
      maxBaudRate: slot === 2 ? 460_800 : null,
    })),
    isFixedByHost: false,
    needsReopening: false,
    canReopen: true,
    hardware: { ble: 'hci', board: null },
  };
  const assign = (slot: number, place: string | null): PortsState => {
    const others = state.slots.filter((one) => one.slot !== slot && one.place !== place);
    const inUse = state.slots.find((one) => one.slot === slot)?.inUse ?? null;
    const slots = [...others, { slot, place, inUse, presence: 'present' as const, maxBaudRate: null }];
    state = { ...state, slots: slots.toSorted((a, b) => a.slot - b.slot), needsReopening: true };
    return state;
  };
  return {
    'ports.list': () => state,
    'ports.awaitChange': ({ before, want }) => {
      const ports = want === 'gone' ? state.ports.filter(({ place }) => place !== 'usb:1-1.3') : state.ports;
      const places = ports.map(({ place }) => place);
      const changed =
        want === 'gone'
          ? before.filter((one) => !places.includes(one))
          : places.filter((one) => !before.includes(one));
      return { changed, state: { ...state, ports } };
    },
    'ports.assign': ({ slot, place }) => assign(slot, place),
    'ports.forget': ({ slot }) => assign(slot, null),
    'ports.forgetBaudRate': ({ slot }) => {
      const slots = state.slots.map((one) => (one.slot === slot ? { ...one, maxBaudRate: null } : one));
      return (state = { ...state, slots });
    },
    'ports.setHardware': (hardware) => {
      state = { ...state, hardware, needsReopening: true };
      return state;
    },
    'station.reopen': {},
    ...toolAnswers(),
  };
}
