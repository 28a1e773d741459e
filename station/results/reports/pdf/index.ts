/** Reports of batches and certificates of units as PDF, for people outside. */
export { batchPdf } from './batch-pdf.ts';
export { certificateData, type SignedCertificate } from './certificate-data.ts';
export { readRunFiles } from './read-run-files.ts';
export { certificatePdf } from './certificate-pdf.ts';
export type { PdfStyle } from './kit/paper.ts';
export type { BatchReportData, CertificateData, CertificateMeasurement } from './report-data.ts';
export { readBatchData } from './read-batch-data.ts';
