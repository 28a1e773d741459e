/** One run as a document that other test programs and databases read: ATML, OpenHTF JSON, WATS WSJF. */
export { canonicalJson, digestOf } from './canonical-run.ts';
export { ATML_COLLECTION, encodeAtml, encodeAtmlPart } from './atml/encode-atml.ts';
export { encodeOpenHtf } from './openhtf/encode-openhtf.ts';
export {
  type DocumentAttachment,
  type DocumentFailure,
  type DocumentMeasurement,
  type DocumentStep,
  readNames,
  type RecordNames,
  type RunDocument,
  toRunDocument,
  uuidOf,
} from './run-document.ts';
export { encodeWsjf } from './wsjf/encode-wsjf.ts';
