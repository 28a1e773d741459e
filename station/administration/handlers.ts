import { hostSystem } from '#node-kit/host-system/index.ts';
import type { SectionHandlers } from '#shared/contract/index.ts';
import { quoteArgument } from '#shared/host/index.ts';
import { type Reopen, requestReopening } from './reopening/index.ts';
import type { Settings } from './settings/index.ts';
import type { Admission } from '../core/admission/index.ts';
import type { Platform } from '../core/platform/index.ts';
import type { Slots } from '../execution/slots/index.ts';

export function stationHandlers({
  platform,
  config,
  settings,
  slots,
  admission,
}: {
  readonly platform: Platform;
  readonly config: {
    readonly appVersion: string;
    readonly program?: string | undefined;
    readonly reopen?: Reopen | undefined;
  };
  readonly settings: Settings;
  readonly slots: Slots;
  readonly admission: Admission;
}): SectionHandlers<'station'> {
  return {
    'station.info': (_, { by }) => ({
      station: settings.station(),
      appVersion: config.appVersion,
      dataDir: platform.paths.dataDir,
      registryUrl: settings.registry()?.url ?? null,
      slots: slots.state.slots.length,
      terminal: {
        program: config.program ?? 'gongwei',
        data: `--data ${quoteArgument(platform.paths.dataDir, hostSystem().platform)}`,
      },
      session: { role: by.role, user: by.user },
      pages: settings.pages(),
    }),
    'station.reopen': (_, { by }) => {
      requestReopening(
        { reopen: config.reopen, slots, admission },
        { by, work: () => Promise.resolve(null) },
      );
      return {};
    },
  };
}
