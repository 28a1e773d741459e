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
  'yields.TRY': 'Passed runs',
  'yields.TRY.means': 'Runs that passed, of all runs: a figure of the station, not of the units.',
  'yields.passedOf': '{passed} of {units} {units|unit|units}',
  'yields.counting': 'Counting all runs',
  'yields.unnamed':
    '{count} {count|run has|runs have} neither a serial number nor a chip id and {count|counts|count} for no unit.',
  'yields.begunOutside':
    '{count} more {count|unit|units} had {count|its|their} first run outside of this filter and {count|is|are} not counted.',
  'yields.overTime': 'First pass over time',
  'yields.overTimeAbout': 'Intervals of {every}; a unit counts when its first run ended.',
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
  'yields.measured.about': 'The last value of each unit’s first run.',
  'yields.measured.none': 'Nothing with numeric limits was measured in this batch.',
  'yields.measured.ownLimits': 'limits vary by unit',
  'yields.measured.leftOut': 'and {count} more {count|measurement that is|measurements that are} not listed',
  'yields.measured.n': 'Values',
  'yields.measured.mean': 'Mean',
  'yields.measured.sigma': 'Standard deviation σ',
  'yields.measured.range': 'Range',
  'yields.measured.distribution': 'Distribution and limits',
  'yields.measured.bar': '{from} … {to}: {count} {count|value|values}',
  'yields.measured.latest': 'The latest {count} {count|unit|units}',
  'yields.measured.reaches': 'Drifts: reaches {limit} in about {units} {units|unit|units}',
  'yields.measured.beyond': 'Drifts: the mean has reached {limit}',
  'yields.measured.moves': 'Slow trend: {change} in 100 units, no limit is near',
  'yields.measured.shifted': 'Mean has shifted ({rules})',
  'yields.measured.steady': 'Steady',
  'yields.measured.early': 'Too few units to see a trend',
  'yields.measured.drift': 'drift',
};
