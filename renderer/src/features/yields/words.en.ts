import type { Translation } from '#services/i18n/index.ts';
import type { yieldsZhCN } from './words.zh-cn.ts';

export const yieldsEn: Translation<typeof yieldsZhCN> = {
  'yields.FPY': 'First pass',
  'yields.FPY.means':
    'Units that passed at their first run, of all units. A unit counts by its first run; retests do not raise this.',
  'yields.SPY': 'Second pass',
  'yields.SPY.means': 'Units that had passed by their second run, of all units.',
  'yields.TPY': 'Third pass',
  'yields.TPY.means': 'Units that had passed by their third run, of all units.',
  'yields.LPY': 'Last pass',
  'yields.LPY.means':
    'Units whose last run passed, of all units. One that passed and failed after that is not among them.',
  'yields.RTY': 'Rolled throughput',
  'yields.RTY.means':
    'The first passes of all phases multiplied: how likely a unit is to go through every phase with nothing repeated.',
  'yields.TRY': 'Test reports',
  'yields.TRY.means': 'Runs that passed, of all runs: how the station does, whatever unit was on it.',
  'yields.passedOf': '{passed} of {units} {units|unit|units}',
  'yields.counting': 'Counting all runs',
  'yields.unnamed':
    '{count} {count|run names|runs name} neither serial number nor chip, and {count|is|are} of no unit.',
  'yields.begunOutside':
    '{count} more {count|unit was|units were} first run outside of this filter, and {count|is|are} not counted.',
  'yields.overTime': 'First pass over time',
  'yields.overTimeAbout': '{every} each, by when the first run of a unit ended',
  'yields.minutes': '{count} min',
  'yields.hours': '{count} h',
  'yields.point': '{time}: {units} {units|unit|units}, first pass {fpy}',
  'yields.noneThen': '{time}: no new unit',
  'yields.phases': 'First pass by phase',
  'yields.phasesAbout': 'multiplied, all phases: {rty}',
  'yields.phaseUnits': '{passed} / {units}',

  'yields.filter.period': 'Time',
  'yields.filter.period.all': 'the whole batch',
  'yields.filter.period.hour': 'the last hour',
  'yields.filter.period.shift': 'the last 8 hours',
  'yields.filter.period.day': 'the last 24 hours',
  'yields.filter.slot': 'Slot',
  'yields.filter.slot.all': 'all',
  'yields.filter.stationErrors': 'Count station errors and stops',

  'yields.measured.title': 'Measurements',
  'yields.measured.about': 'of each unit the final value of its first run',
  'yields.measured.none': 'Nothing with numeric limits was measured in this batch.',
  'yields.measured.ownLimits': 'limits vary by unit',
  'yields.measured.leftOut': 'and {count} more {count|measurement that is|measurements that are} not listed',
  'yields.measured.n': 'Values',
  'yields.measured.mean': 'Mean',
  'yields.measured.sigma': 'Deviation σ',
  'yields.measured.range': 'Range',
  'yields.measured.distribution': 'Distribution and limits',
  'yields.measured.bar': '{from} … {to}: {count} {count|value|values}',
  'yields.measured.latest': 'The latest {count} {count|unit|units}',
  'yields.measured.reaches': 'Drifts: reaches {limit} in about {units} {units|unit|units}',
  'yields.measured.beyond': 'Drifts: the mean has reached {limit}',
  'yields.measured.moves': 'Moves slowly: {change} in 100 units, no limit is near',
  'yields.measured.shifted': 'Away from where it began ({rules})',
  'yields.measured.steady': 'Steady',
  'yields.measured.early': 'Too few units to see a trend',
  'yields.measured.drift': 'drift',
};
