/** What pages, commands and the station know of a form of reports. `station/results/reports/forms/` writes them. */
interface ReportFormFacts {
  /** Of the name of a file, without the point. */
  readonly ending: string;
  readonly mediaType: string;
  /** Which runs one file can have: those of a batch, those that a filter finds, those of one unit, one run. */
  readonly of: readonly ReportSubjectKind[];
  /** True when the chosen columns decide what is in the file. */
  readonly hasColumns: boolean;
  /** True when it takes the delimiter and the decimal sign of `CsvForm`. */
  readonly isCsv: boolean;
  /** True when a run that has not ended is not in a file. */
  readonly isOfEndedRuns: boolean;
  /** True when the file of a batch has its yields, which are stored as runs end. */
  readonly hasFigures: boolean;
}

/** Of PDF. */
export const PAPERS = ['A4', 'Letter'] as const;
export type Paper = (typeof PAPERS)[number];

export const REPORT_SUBJECT_KINDS = ['batch', 'runs', 'unit', 'run'] as const;
export type ReportSubjectKind = (typeof REPORT_SUBJECT_KINDS)[number];

const FORMS = {
  csv: {
    ending: 'csv',
    mediaType: 'text/csv; charset=utf-8',
    of: REPORT_SUBJECT_KINDS,
    hasColumns: true,
    isCsv: true,
    isOfEndedRuns: false,
    hasFigures: false,
  },
  jsonl: {
    ending: 'jsonl',
    mediaType: 'application/jsonl; charset=utf-8',
    of: REPORT_SUBJECT_KINDS,
    hasColumns: true,
    isCsv: false,
    isOfEndedRuns: false,
    hasFigures: false,
  },
  /** Other programs read these; a file of one run is a document, and one of several a collection or a ZIP archive. */
  atml: {
    ending: 'xml',
    mediaType: 'application/xml',
    of: REPORT_SUBJECT_KINDS,
    hasColumns: false,
    isCsv: false,
    isOfEndedRuns: true,
    hasFigures: false,
  },
  openhtf: {
    ending: 'zip',
    mediaType: 'application/zip',
    of: REPORT_SUBJECT_KINDS,
    hasColumns: false,
    isCsv: false,
    isOfEndedRuns: true,
    hasFigures: false,
  },
  wsjf: {
    ending: 'zip',
    mediaType: 'application/zip',
    of: REPORT_SUBJECT_KINDS,
    hasColumns: false,
    isCsv: false,
    isOfEndedRuns: true,
    hasFigures: false,
  },
  /** For people: pages with figures and charts, not every value. */
  pdf: {
    ending: 'pdf',
    mediaType: 'application/pdf',
    of: ['batch'],
    hasColumns: false,
    isCsv: false,
    isOfEndedRuns: false,
    hasFigures: true,
  },
  xlsx: {
    ending: 'xlsx',
    mediaType: 'application/vnd.openxmlformats-officedocument.spreadsheetml.sheet',
    of: REPORT_SUBJECT_KINDS,
    hasColumns: true,
    isCsv: false,
    isOfEndedRuns: false,
    hasFigures: true,
  },
} as const satisfies Readonly<Record<string, ReportFormFacts>>;

export type ReportFormat = keyof typeof FORMS;
export const REPORT_FORMS: Readonly<Record<ReportFormat, ReportFormFacts>> = FORMS;
export const REPORT_FORMATS = Object.keys(FORMS) as [ReportFormat, ...ReportFormat[]];
