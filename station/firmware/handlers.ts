import type { ApiParts, Section } from '../handler-parts.ts';

export function firmwareHandlers({ firmware }: ApiParts): Section<'firmware'> {
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
