import { KEY_HEADER } from '#shared/contract/kiosk-session.ts';
import { pathOfFile } from '#shared/contract/station-files.ts';
import { FAULT_CODES, Fault } from '#shared/domain/fault.ts';
import type { KioskSession } from '../client/index.ts';
import type { FileTransfer, Upload } from './file-transfer.ts';

/**
 * `POST /files?name=…` and `GET /files/<id>` of the page's own host; the browser adds the session's cookie; the
 * key is a header, and for a download, which the browser requests, a ticket. A desktop window has no kiosk session and
 * needs no key.
 */
export function httpTransfer(window: Window, kioskSession: KioskSession | null): FileTransfer {
  return {
    async send(file, onProgress, signal) {
      const key = await kioskSession?.key();
      return await new Promise<Upload>((resolve, reject) => {
        // Not fetch: it does not report the progress of a request body.
        const request = new XMLHttpRequest();
        const stop = (): void => request.abort();
        const finish = (settle: () => void): void => {
          signal.removeEventListener('abort', stop);
          settle();
        };
        request.upload.addEventListener('progress', ({ loaded }) => onProgress(loaded));
        request.addEventListener('load', () =>
          finish(() => {
            const answer = answerOf(request.responseText);
            if (request.status === 200 && isSent(answer))
              resolve({ fileId: answer.fileId, name: answer.name });
            else reject(asFault(answer, file.name));
          }),
        );
        request.addEventListener('error', () => finish(() => reject(lost(file.name))));
        request.addEventListener('abort', () =>
          finish(() => reject(new Fault('cancelled', `${file.name} was not sent to its end`))),
        );
        if (signal.aborted) return reject(new Fault('cancelled', `${file.name} was not sent`));
        signal.addEventListener('abort', stop, { once: true });
        request.open('POST', `/files?name=${encodeURIComponent(file.name)}`);
        request.setRequestHeader('content-type', 'application/octet-stream');
        if (key !== undefined) request.setRequestHeader(KEY_HEADER, key);
        request.send(file);
      });
    },
    async read(fileId) {
      const ticket = kioskSession === null ? null : await kioskSession.ticket();
      const answer = await window.fetch(pathOfFile(fileId, ticket)).catch(() => null);
      if (answer?.ok !== true)
        throw new Fault('disconnected', 'the file did not come', { hint: 'Load the page again.' });
      return answer.blob();
    },
    async fetch(fileId, name) {
      const ticket = kioskSession === null ? null : await kioskSession.ticket();
      const { document } = window;
      const link = document.createElement('a');
      link.href = pathOfFile(fileId, ticket);
      link.download = name;
      document.body.append(link);
      link.click();
      link.remove();
    },
  };
}

function answerOf(text: string): Readonly<Record<string, unknown>> {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
  } catch {
    return {};
  }
}

function isSent(answer: Readonly<Record<string, unknown>>): answer is { fileId: string; name: string } {
  return typeof answer['fileId'] === 'string' && typeof answer['name'] === 'string';
}

/** The answer of the host is checked like all input; without a known code the kiosk itself refused the request. */
function asFault(answer: Readonly<Record<string, unknown>>, name: string): Fault {
  const code = FAULT_CODES.find((one) => one === answer['code']);
  if (code === undefined) return lost(name);
  const hint = answer['hint'];
  return new Fault(code, String(answer['message'] ?? ''), typeof hint === 'string' ? { hint } : {});
}

function lost(name: string): Fault {
  return new Fault('disconnected', `${name} did not reach the station`, { hint: 'Upload it again.' });
}
