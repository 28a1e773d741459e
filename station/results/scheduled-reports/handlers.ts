import type { SectionHandlers } from '#shared/contract/index.ts';
import type { ScheduledReports } from './scheduled-reports.ts';

export function scheduledReportHandlers({
  scheduledReports,
}: {
  readonly scheduledReports: ScheduledReports;
}): SectionHandlers<'reportSchedules'> {
  return {
    'reportSchedules.get': () => scheduledReports.state(),
    'reportSchedules.add': (schedule, { by }) => scheduledReports.add(schedule, by),
    'reportSchedules.remove': ({ scheduleId }, { by }) => scheduledReports.remove(scheduleId, by),
    'reportSchedules.retry': ({ scheduleId, subject }) => scheduledReports.retry(scheduleId, subject),
    'reportSchedules.skip': ({ scheduleId, subject }, { by }) =>
      scheduledReports.skip(scheduleId, subject, by),
  };
}
