import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Firmware } from './firmware.ts';

export function firmwareHandlers({ firmware }: { readonly firmware: Firmware }): SectionHandlers<'firmware'> {
  return {
    'firmware.list': () => ({ packages: firmware.state().packages }),
    'firmware.get': ({ firmwareId }) => firmware.get(firmwareId),
    'firmware.import': ({ fileIds, ...request }, { by }) => ({
      jobId: firmware.startImport(fileIds, request, by),
    }),
    'firmware.describe': ({ firmwareId, ...names }, { by }) => firmware.describe(firmwareId, names, by),
    'firmware.upload': ({ firmwareId }, { by }) => ({
      jobId: firmware.startUpload(firmwareId, by),
    }),
    'firmware.cancel': ({ jobId }) => {
      firmware.cancel(jobId);
      return {};
    },
    'firmware.setOnline': ({ firmwareId, online }, { by, signal }) =>
      firmware.setOnline(firmwareId, online, by, signal),
    'firmware.fields': () => ({ fields: firmware.fields() }),
    'firmware.changeFields': ({ changes }, { by }) => ({ fields: firmware.changeFields(changes, by) }),
  };
}
