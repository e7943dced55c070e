// Turns a refused value into the sentence for the caller: which field, what was given, what is accepted.

import type { z } from 'zod';
import { acceptedPhrase } from './schema.ts';

type Issue = z.core.$ZodIssue;
type Path = readonly PropertyKey[];

const ISSUES_EXPLAINED_MAX = 3;
const GIVEN_LENGTH_MAX = 80;

/** Fields whose value is never repeated, because answers are logged and shown. */
const SECRET_FIELDS: ReadonlySet<string> = new Set([
  'psk',
  'psk.key',
  'key',
  'ddiToken',
  'password',
  'oldPassword',
  'newPassword',
  'clientSecret',
  'client_secret',
  'token',
  'sessionToken',
  'secret',
]);

/** `value` is what the caller sent; the first few issues are explained. */
export function explainIssues(error: { readonly issues: readonly Issue[] }, value: unknown): string {
  const sentences = error.issues.slice(0, ISSUES_EXPLAINED_MAX).map((issue) => explainIssue(issue, value));
  return `${[...new Set(sentences)].join('; ')}.`;
}

function explainIssue(issue: Issue, value: unknown): string {
  return `${fieldName(issue.path)}: given ${given(issue.path, value)}, accepted: ${accepted(issue)}`;
}

/** `['downloadTimeWindowList', 0, 'startTime']` reads "startTime of downloadTimeWindowList[0]". */
function fieldName(path: Path): string {
  const names: string[] = [];
  for (const step of path) {
    const last = names.length - 1;
    if (typeof step === 'number' && last >= 0) names[last] += `[${step}]`;
    else names.push(typeof step === 'number' ? `entry ${step}` : String(step));
  }
  return names.length === 0 ? 'the body' : names.reverse().join(' of ');
}

function given(path: Path, value: unknown): string {
  if (path.some((step) => SECRET_FIELDS.has(String(step)))) return 'a secret that is not shown here';
  return inWords(valueAt(path, value));
}

function valueAt(path: Path, value: unknown): unknown {
  let here = value;
  for (const step of path) {
    if (typeof here !== 'object' || here === null || !Object.hasOwn(here, step)) return undefined;
    here = (here as Readonly<Record<PropertyKey, unknown>>)[step];
  }
  return here;
}

function inWords(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (Array.isArray(value)) return value.length === 0 ? 'an empty list' : `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return 'an object';
  const shown = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return shown.length > GIVEN_LENGTH_MAX ? `${shown.slice(0, GIVEN_LENGTH_MAX)}…` : shown;
}

function accepted(issue: Issue): string {
  const phrase = acceptedPhrase(issue.message);
  if (phrase !== undefined) return phrase;
  switch (issue.code) {
    case 'invalid_type':
      return TYPE_WORDS[issue.expected] ?? `a value of type ${issue.expected}`;
    case 'invalid_value':
      return `one of ${issue.values.map(String).join(', ')}`;
    case 'too_big':
      return `at most ${issue.maximum}${unitOf(issue.origin)}`;
    case 'too_small':
      return `at least ${issue.minimum}${unitOf(issue.origin)}`;
    case 'unrecognized_keys':
      return `no field named ${issue.keys.join(', ')}`;
    case 'invalid_union':
      return unionWords(issue);
    default:
      return issue.message;
  }
}

function unionWords(issue: z.core.$ZodIssueInvalidUnion): string {
  const choices = issue.errors.map((issues) => (issues[0] === undefined ? '' : accepted(issues[0])));
  return choices.filter((choice) => choice !== '').join(', or ') || issue.message;
}

function unitOf(origin: string): string {
  if (origin === 'string') return ' characters';
  return origin === 'array' || origin === 'map' || origin === 'set' ? ' entries' : '';
}

const TYPE_WORDS: Readonly<Record<string, string>> = {
  string: 'a text',
  number: 'a number',
  int: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
  record: 'an object',
};
