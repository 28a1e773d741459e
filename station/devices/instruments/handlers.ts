import type { InstrumentsView, SectionHandlers } from '#shared/contract/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { Instruments } from './instruments.ts';
import type { InstrumentSettings } from './settings.ts';
import { testInstrument } from './test-instrument.ts';

export interface InstrumentHandlerOptions {
  readonly platform: Platform;
  readonly instruments: Instruments;
  readonly instrumentSettings: InstrumentSettings;
}

export function instrumentHandlers({
  platform,
  instruments,
  instrumentSettings,
}: InstrumentHandlerOptions): SectionHandlers<'instruments'> {
  const view = async (): Promise<InstrumentsView> => {
    const ports = (await platform.devicePorts.list?.()) ?? [];
    return {
      instruments: [...instrumentSettings.all()],
      ports: ports.map(({ usbPath, path, title }) => ({ address: usbPath ?? path, title })),
    };
  };
  return {
    'instruments.get': () => view(),
    'instruments.set': ({ instruments: settings }, { by }) => {
      instrumentSettings.set(settings, by);
      return view();
    },
    'instruments.test': ({ instrument }, { signal }) =>
      testInstrument(instrument, instruments, platform, signal),
  };
}
