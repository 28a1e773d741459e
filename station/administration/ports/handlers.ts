import type { PortsState, PortView, SectionHandlers, SlotPortView } from '#shared/contract/index.ts';
import { isNoPort } from '#shared/domain/slot-port.ts';
import type { Platform, PortInfo } from '../../core/platform/index.ts';
import type { BaudRates } from '../../execution/baud-rates/index.ts';
import type { SlotConfig, Slots, SlotSettings } from '../../execution/slots/index.ts';
import type { Settings } from '../settings/index.ts';
import type { Reopen } from '../reopening/index.ts';
import { awaitChange } from './await-change.ts';

export interface PortOptions {
  readonly platform: Platform;
  readonly config: {
    readonly slots: readonly SlotConfig[] | 'remembered';
    readonly reopen?: Reopen | undefined;
  };
  readonly settings: Settings;
  readonly slots: Slots;
  readonly slotSettings: SlotSettings;
  readonly baudRates: BaudRates;
}

export function portHandlers({
  platform,
  config,
  settings,
  slots,
  slotSettings,
  baudRates,
}: PortOptions): SectionHandlers<'ports'> {
  const { clock, devicePorts } = platform;
  const list = async (): Promise<readonly PortInfo[]> => (await devicePorts.list?.()) ?? [];
  const isFixedByHost = config.slots !== 'remembered';
  /** Changed with another entry than the slots', because a board or an adapter belongs to all slots. */
  const opened = JSON.stringify(settings.hardware());

  async function state(): Promise<PortsState> {
    const [listed, stored] = [await list(), slotSettings.all()];
    const open = slots.state.slots;
    const views = slotViews(stored, open, listed, isFixedByHost).map((view) => ({
      ...view,
      maxBaudRate: baudRates.of(view.slot, view.inUse ?? view.place ?? ''),
    }));
    const isChanged = views.some(({ place, inUse }) => place !== inUse);
    return {
      ports: listed.map((port) => portViewOf(port, stored)),
      slots: views,
      isFixedByHost,
      needsReopening: (!isFixedByHost && isChanged) || JSON.stringify(settings.hardware()) !== opened,
      canReopen: config.reopen !== undefined,
      hardware: settings.hardware(),
    };
  }

  return {
    'ports.list': () => state(),
    'ports.awaitChange': async (awaited, { signal }) => {
      const places = async (): Promise<string[]> => (await list()).map(placeOf);
      const changed = await awaitChange(clock, places, awaited, signal);
      return { changed, state: await state() };
    },
    'ports.assign': ({ slot, place, moved }, { by }) => {
      const other = slotSettings.all().find((one) => one.portPath === place && one.slot !== slot);
      if (moved && !isNoPort(place) && other !== undefined) slotSettings.forget(other.slot, by);
      slotSettings.assign(slot, place, by);
      return state();
    },
    'ports.forget': ({ slot }, { by }) => {
      slotSettings.forget(slot, by);
      return state();
    },
    'ports.forgetBaudRate': ({ slot }, { by }) => {
      baudRates.forget(slot, by);
      return state();
    },
    'ports.setHardware': (hardware, { by }) => {
      settings.configure({ hardware }, by);
      return state();
    },
  };
}

/** By what a slot is assigned to a port. */
function placeOf({ usbPath, path }: PortInfo): string {
  return usbPath ?? path;
}

function isAt({ usbPath, path }: PortInfo, place: string): boolean {
  return usbPath === place || path === place;
}

function portViewOf(port: PortInfo, stored: readonly SlotConfig[]): PortView {
  return {
    path: port.path,
    location: port.usbPath,
    title: port.title,
    serialNumber: port.serialNumber ?? null,
    place: placeOf(port),
    slot: stored.find(({ portPath }) => isAt(port, portPath))?.slot ?? null,
  };
}

/** The slots that are stored or open, in their order. */
function slotViews(
  stored: readonly SlotConfig[],
  open: readonly { readonly slot: number; readonly portPath: string }[],
  listed: readonly PortInfo[],
  isFixedByHost: boolean,
): Omit<SlotPortView, 'maxBaudRate'>[] {
  const numbers = [...new Set([...stored, ...open].map(({ slot }) => slot))].sort((a, b) => a - b);
  return numbers.map((slot) => {
    const place = stored.find((one) => one.slot === slot)?.portPath ?? null;
    const inUse = open.find((one) => one.slot === slot)?.portPath ?? null;
    const shown = (isFixedByHost ? inUse : place) ?? inUse ?? '';
    const isListed = listed.some((port) => isAt(port, shown));
    const presence = isListed ? 'present' : shown.startsWith('usb:') ? 'absent' : 'unknown';
    return { slot, place, inUse, presence };
  });
}
