import { hostSystem } from '#node-kit/host-system/index.ts';
import { DATA_VERSION } from '../../core/database/index.ts';
import { type OpenInstaller, Updates, type UpdatesOptions } from './updates.ts';

/** The updates of the computer on which this process runs. */
export function createUpdates({
  config: { appVersion, openInstaller },
  ...options
}: Omit<UpdatesOptions, 'appVersion' | 'dataVersion' | 'target' | 'openInstaller'> & {
  readonly config: { readonly appVersion: string; readonly openInstaller?: OpenInstaller | undefined };
}): Updates {
  const target = {
    kind: hostSystem().kind,
    arch: process.arch,
    // The runtime of AppImages sets it to the path of the image.
    isAppImage: process.env['APPIMAGE'] !== undefined,
  };
  return new Updates({ ...options, appVersion, openInstaller, target, dataVersion: DATA_VERSION });
}
