/** Signed files: whether one is whole, and whose it is, without a database. */
export { type BrokenFile, verifySignedFile, type WholeFile } from './verify-signed-file.ts';
export { type KeyOwner, type KeyTrust, type VerifiedFile, verifyFile } from './verify-file.ts';
