import type { PrinterProblem } from '../domain/label-printer.ts';
import type { Language } from './language.ts';

/** Why a printer does not print, as a part of a sentence. */
export const PRINTER_PROBLEM_WORDS: Readonly<Record<PrinterProblem, Readonly<Record<Language, string>>>> = {
  'head-open': { 'zh-CN': '打印头没有合上', en: 'the print head is open' },
  'paper-out': { 'zh-CN': '没有纸', en: 'no paper' },
  'ribbon-out': { 'zh-CN': '没有碳带', en: 'no ribbon' },
  jam: { 'zh-CN': '卡纸', en: 'paper jam' },
  paused: { 'zh-CN': '打印机已暂停', en: 'the printer is paused' },
  'too-hot': { 'zh-CN': '打印头太热', en: 'the print head is too hot' },
  'too-cold': { 'zh-CN': '打印头太冷', en: 'the print head is too cold' },
  'memory-lost': { 'zh-CN': '打印机丢失了设置', en: 'the printer lost its settings' },
  'buffer-full': { 'zh-CN': '打印机的缓冲区已满', en: 'the buffer of the printer is full' },
  offline: { 'zh-CN': '打印机离线', en: 'the printer is offline' },
  other: { 'zh-CN': '打印机报告故障', en: 'the printer reports a fault' },
};
