/** Reports that the station writes by itself: at the end of a batch or of a shift, once each. */
export { scheduledReportHandlers } from './handlers.ts';
export { describeSchedules } from './schedules.ts';
export { ScheduledReports } from './scheduled-reports.ts';
