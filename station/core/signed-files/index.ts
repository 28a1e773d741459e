/** Signed files: whether one is whole, and whose it is, without a database. */
export { type BrokenFile, verifySignedFile, type WholeFile } from './verify-signed-file.ts';
export {
  type KeyOwner,
  type KeyTrust,
  ownerOfKey,
  problemOfKey,
  type VerifiedFile,
  verifyFile,
} from './verify-file.ts';
export { type SignedFacts, type SignedFileVerdict, VERIFY_JOB } from './verify-job.ts';
