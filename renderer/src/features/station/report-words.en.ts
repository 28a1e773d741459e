import type { Translation } from '#services/i18n/index.ts';
import type { stationReportsZhCN } from './report-words.zh-cn.ts';

/** Texts of the reports that a station writes by itself. */
export const stationReportsEn: Translation<typeof stationReportsZhCN> = {
  'station.reports': 'Automatic reports',
  'station.reports.about':
    'files that the station writes to a folder or sends to the registry when a batch or a shift ends; each batch and each shift once',
  'station.reports.none': 'No reports are written by themselves yet.',
  'station.reports.add': 'Add a report',
  'station.reports.remove': 'Remove',
  'station.reports.removeThis': 'Remove this automatic report?',
  'station.reports.removeAbout':
    'It is not written any more, and what is due is given up. Files that were written stay.',
  'station.reports.when': 'When',
  'station.reports.when.batch-complete': 'A batch is complete',
  'station.reports.when.batch-completeHint': 'As many units as were ordered have passed.',
  'station.reports.when.batch-closed': 'A batch is closed',
  'station.reports.when.batch-closedHint': 'Somebody closes it; its balance is complete then.',
  'station.reports.when.shift-end': 'A shift ends',
  'station.reports.when.shift-endHint':
    'At times of each day, with all runs that started since the time before.',
  'station.reports.when.shiftAt': 'A shift ends ({times})',
  'station.reports.times': 'Ends of shifts',
  'station.reports.timesHint':
    'Such as 08:00 20:00, with a space between them, by the clock of this computer.',
  'station.reports.timesWrong': 'Type 1 to 12 times, such as 08:00 20:00.',
  'station.reports.format': 'Format',
  'station.reports.to': 'Where to',
  'station.reports.registryHint': 'The registry keeps it; without a network it waits.',
  'station.reports.folder': 'Folder',
  'station.reports.folderHint':
    'The whole path, on this computer or on a network share, outside of the data directory.',
  'station.reports.folderWrong': 'Type the whole path of a folder, such as /mnt/reports or D:\\reports.',
  'station.reports.by': 'Made by',
  'station.reports.latest': 'Latest automatic reports',
  'station.reports.latestNone': 'No report was due yet.',
  'station.reports.of': 'Of',
  'station.reports.ofShift': 'Shift {from} – {to}',
  'station.reports.state': 'State',
  'station.reports.state.due': 'waits to be written',
  'station.reports.state.written': 'written',
  'station.reports.state.skipped': 'given up',
  'station.reports.notWritten':
    'It is not in {folder} yet. Look whether the folder is there and may be written to; the station tries again by itself.',
  'station.reports.attempts': '{count} {count|attempt|attempts}',
  'station.reports.file': 'File',
  'station.reports.fileRuns': '{count} {count|run|runs}',
  'station.reports.retry': 'Try now',
  'station.reports.skip': 'Give up',
  'station.reports.skipThis': 'Give this report up?',
  'station.reports.skipAbout':
    'The station does not write it any more. It can still be exported from the page of the batch.',
  'station.reports.actions': 'Actions',
};
