import type { WritableDatabase } from './station-database.ts';

type Reads<
  Name extends keyof WritableDatabase,
  Write extends keyof WritableDatabase[Name] = never,
> = Readonly<Omit<WritableDatabase[Name], Write>>;

/**
 * The station's database for code that only reads. The connection may be one that SQLite refuses to write over; the type
 * lacks every method that would.
 */
export interface ReadableDatabase extends Readonly<
  Pick<
    WritableDatabase,
    | 'backup'
    | 'checkIntegrity'
    | 'close'
    | 'compareSchema'
    | 'dataVersion'
    | 'figures'
    | 'file'
    | 'findTampering'
    | 'findViolations'
    | 'newestRecordMs'
    | 'readProgress'
    | 'readSnapshot'
    | 'reportRuns'
    | 'runSearch'
    | 'unresolved'
    | 'yieldRuns'
  >
> {
  readonly attachments: Reads<'attachments', 'markRemoved'>;
  readonly audit: Reads<'audit', 'add'>;
  readonly batches: Reads<'batches', 'add' | 'addRecipe' | 'close' | 'setStartMode'>;
  readonly batchProgress: Reads<'batchProgress', 'addFinishedRun'>;
  readonly labelTemplates: Reads<'labelTemplates', 'add' | 'takeNumber'>;
  readonly firmware: Reads<'firmware', 'add' | 'putDocument' | 'putUpload' | 'setName'>;
  readonly foreignRuns: Reads<
    'foreignRuns',
    'add' | 'addSource' | 'completeSource' | 'openSeen' | 'removeSome' | 'removeSource'
  >;
  readonly journal: Reads<'journal', 'addRun'>;
  readonly labelPrints: Reads<'labelPrints', 'add' | 'change' | 'endInterrupted' | 'voidLabel'>;
  readonly leases: Reads<
    'leases',
    'addRequest' | 'addReturn' | 'completeReturn' | 'removeRequest' | 'setHeld'
  >;
  readonly meta: Reads<'meta', 'remove' | 'set'>;
  readonly outbox: Reads<
    'outbox',
    'add' | 'countAttempt' | 'markSent' | 'park' | 'resend' | 'retry' | 'setAside'
  >;
  readonly users: Reads<
    'users',
    'put' | 'remove' | 'setBadge' | 'setDisabled' | 'setPinReset' | 'setRole' | 'setSignedIn' | 'setWrongPins'
  >;
  readonly runFacts: Reads<'runFacts', 'setProgress'>;
  readonly reportSchedules: Reads<
    'reportSchedules',
    'add' | 'addDue' | 'remove' | 'setFailed' | 'setSkipped' | 'setWritten'
  >;
  readonly savedFilters: Reads<'savedFilters', 'put' | 'remove'>;
  readonly recipeDrafts: Reads<'recipeDrafts', 'put' | 'putFile' | 'remove' | 'removeFile'>;
  readonly recipeVersions: Reads<'recipeVersions', 'lock' | 'release' | 'withdraw'>;
  readonly runs: Reads<
    'runs',
    'add' | 'addStep' | 'finish' | 'markResumed' | 'setProof' | 'setTriple' | 'setUnit'
  >;
  readonly sealedSecrets: Reads<'sealedSecrets', 'removeDigests' | 'setDigest' | 'setSecret'>;
  readonly secretKeys: Reads<'secretKeys', 'add' | 'remove'>;
  readonly signedDocuments: Reads<'signedDocuments', 'add' | 'addKey'>;
  readonly triples: Reads<'triples', 'add' | 'applyEvent' | 'giveBack' | 'markRegistered'>;
  readonly units: Reads<'units', 'recordSeen' | 'setSerialNumber'>;
}
