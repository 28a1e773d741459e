import { hostSystem } from '#node-kit/host-system/index.ts';
import { type SectionHandlers, type StationSettings } from '#shared/contract/index.ts';
import { Fault } from '#shared/domain/fault.ts';
import type { Actor } from '#shared/rpc/index.ts';
import type { Platform } from '../../core/platform/index.ts';
import type { SlotSettings } from '../../execution/slots/index.ts';
import { isReadableOnTheWay, registryBaseUrl } from '../../registry-sync/client/index.ts';
import type { Settings } from './settings.ts';
import { testRegistry, tryRegistry } from './try-registry.ts';

export function settingsHandlers({
  platform,
  config,
  settings,
  slotSettings,
}: {
  readonly platform: Platform;
  readonly config: { readonly appVersion: string };
  readonly settings: Settings;
  readonly slotSettings: SlotSettings;
}): SectionHandlers<'settings'> {
  const view = (): StationSettings => {
    const registry = settings.registry();
    return {
      station: settings.station(),
      registry:
        registry === null
          ? null
          : {
              url: registry.url,
              fingerprint: registry.fingerprint,
              isOwn: registry.isOwn,
              isProtected: !isReadableOnTheWay(registry.url),
            },
      startMode: slotSettings.startMode(),
      recordings: settings.recordings(),
      pages: settings.pages(),
      program: {
        version: config.appVersion,
        node: process.version,
        system: `${hostSystem().platform} ${process.arch}`,
        dataDir: platform.paths.dataDir,
      },
    };
  };
  /** The token that is sent to a registry: a given one, or the stored one at the stored address. */
  const tokenFor = (url: string, given: string | null): string => {
    if (given !== null) return given;
    const stored = settings.registry();
    if (stored?.url === registryBaseUrl(url)) return stored.token;
    throw new Fault('bad-input', 'a registry at another address needs a token', {
      hint: 'Type the token that the administrator of that registry has given.',
      details: { missing: 'token' },
    });
  };

  return {
    'settings.get': () => view(),
    'settings.change': ({ startMode, ...change }, { by }) => {
      settings.configure(change, by);
      if (startMode !== undefined) changeStartMode(slotSettings, startMode, by);
      return view();
    },
    'settings.testRegistry': (input, { signal }) => testRegistry(settings, platform.clock, input, signal),
    'settings.bindRegistry': async ({ url, token: given, fingerprint, station }, { by, signal }) => {
      if (given === null && station !== undefined)
        throw new Fault('bad-input', 'another name needs a token of its own', {
          hint: 'Type the token that the administrator of the registry has given for this name.',
          details: { missing: 'token' },
        });
      const token = tokenFor(url, given);
      const registry = { url, token, fingerprint: fingerprint === '' ? null : fingerprint };
      const contact = await tryRegistry(settings, registry, station ?? settings.station(), signal);
      settings.configure({ station, registry }, by);
      if (contact.ownToken !== null) settings.storeOwnToken(token, contact.ownToken);
      return { settings: view(), isReachable: contact.isReachable };
    },
  };
}

/** A mode that is set again is no change and has no entry in the audit trail. */
function changeStartMode(slotSettings: SlotSettings, mode: StationSettings['startMode'], by: Actor): void {
  if (mode !== slotSettings.startMode()) slotSettings.setStartMode(mode, by);
}
