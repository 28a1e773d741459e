import type { z } from 'zod';
import { checkLabelTemplate, type LabelTemplate } from '#shared/label/index.ts';
import type { CodedText } from '#shared/words/index.ts';
import { positionsIn, readYaml } from '../../../core/yaml/index.ts';

/** What is wrong with the text of a template, at its line and column from 1. */
export interface TemplateIssue {
  readonly line: number;
  readonly column: number;
  /** `elements.2.value`; empty for the text as a whole. */
  readonly path: string;
  readonly message: CodedText;
}

export interface ReadTemplate {
  /** `null` with issues. */
  readonly template: LabelTemplate | null;
  readonly issues: readonly TemplateIssue[];
  /** Line and column of an element, for what is found when it is laid out. */
  readonly elementAt: (index: number) => { readonly line: number; readonly column: number };
}

/** Reads a template in YAML, which includes JSON, and lists all that is wrong with it, in the order of the text. */
export function readTemplate(source: string): ReadTemplate {
  const { document, problems, lines } = readYaml(source);
  const positions = positionsIn(document, lines);
  const elementAt = (index: number): { line: number; column: number } =>
    positions.ofValue(['elements', index]);
  const ofText = problems.map(({ offset, message }): TemplateIssue => ({
    ...positions.at(offset),
    path: '',
    message,
  }));
  if (document === null) return { template: null, issues: ofText, elementAt };
  const { template, mistakes } = checkLabelTemplate(document.toJS(), positions.sourceOf);
  const ofValues = mistakes.map(({ path, key, message }): TemplateIssue => {
    const { line, column } = key === undefined ? positions.ofValue(path) : positions.ofKey(path, key);
    return { line, column, path: [...path, ...(key === undefined ? [] : [key])].join('.'), message };
  });
  const issues = [...ofText, ...ofValues].sort((a, b) => a.line - b.line || a.column - b.column);
  return { template: issues.length === 0 ? template : null, issues, elementAt };
}

/** A template as plain data, without a check; empty for a text that is no object. */
export function readTemplateData(source: string): Record<string, z.core.util.JSONType> {
  const data: unknown = readYaml(source).document?.toJS();
  return typeof data === 'object' && data !== null && !Array.isArray(data)
    ? (data as Record<string, z.core.util.JSONType>)
    : {};
}
