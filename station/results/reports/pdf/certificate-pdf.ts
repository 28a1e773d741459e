import type { Yielder } from '#node-kit/async/index.ts';
import { encodeModules } from '../../labels/index.ts';
import { drawCertificate } from './draw-certificate.ts';
import type { PdfStyle } from './kit/paper.ts';
import { writePdf } from './kit/write-pdf.ts';
import type { CertificateData } from './report-data.ts';
import { reportWords } from './report-words.ts';

/**
 * The certificate of a unit as the bytes of a PDF of one page, in pieces. The same data give the same bytes. Faults:
 * `qr-too-long` for a device code that no QR code can hold. Errors: as of `writePdf`.
 */
export function certificatePdf(
  data: CertificateData,
  style: PdfStyle,
  yielder: Yielder,
): AsyncGenerator<Uint8Array> {
  const words = reportWords(style.language, data.titles, style.timeZone);
  const { t } = words;
  const title = t(data.outcome === 'PASS' ? 'certificate-title' : 'certificate-title-failed');
  const name = data.serialNumber ?? data.unitId?.text ?? data.runId;
  const code = data.deviceCode === null ? null : encodeModules(data.deviceCode, 'qr');
  return writePdf(
    {
      title: `${title} ${name}`,
      atMs: data.finishedAtMs,
      ...(data.signature === null
        ? {}
        : {
            attachment: { name: 'certificate.json', type: 'application/json', content: data.signature.file },
          }),
      running: {
        left: data.batchName,
        right: title,
        foot: name,
        pageOf: (page, pages) => t('page-of', page, pages),
      },
      draw: (sheet) => drawCertificate(sheet, data, words, code),
    },
    style,
    yielder,
  );
}
