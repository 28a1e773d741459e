import type { SectionHandlers } from '#shared/contract/index.ts';
import type { Firmware } from './firmware.ts';

export function firmwareHandlers({ firmware }: { readonly firmware: Firmware }): SectionHandlers<'firmware'> {
  return {
    'firmware.list': () => ({ packages: firmware.state().packages }),
    'firmware.get': ({ firmwareId }) => firmware.get(firmwareId),
    'firmware.import': ({ fileIds, ...request }, { session }) => ({
      jobId: firmware.startImport(fileIds, request, session),
    }),
    'firmware.describe': ({ firmwareId, ...names }, { session }) =>
      firmware.describe(firmwareId, names, session),
    'firmware.upload': ({ firmwareId }, { session }) => ({
      jobId: firmware.startUpload(firmwareId, session),
    }),
    'firmware.cancel': ({ jobId }) => {
      firmware.cancel(jobId);
      return {};
    },
    'firmware.setOnline': ({ firmwareId, online }, { session, signal }) =>
      firmware.setOnline(firmwareId, online, session, signal),
    'firmware.fields': () => ({ fields: firmware.fields() }),
    'firmware.setFields': ({ fields }, { session }) => {
      firmware.setFields(fields, session);
      return { fields: firmware.fields() };
    },
  };
}
