// Answers leave through the schema of their operation: a field that is not declared there is a mistake of ours.
import { invariant } from '../campaigns/index.ts';
import { explainIssues, type Operation } from '../contract/index.ts';
import { canonicalText } from './canonical.ts';

/** The text of a successful answer; undefined where the operation answers without a body. */
export function answerText({ operationId, success }: Operation, answer: unknown): string | undefined {
  if (success.schema === undefined) {
    invariant(answer === undefined, `${operationId} answers something and declares nothing`);
    return undefined;
  }
  const parsed = success.schema.safeParse(answer);
  invariant(parsed.success, `${operationId} answers what it does not declare: ${issuesOf(parsed, answer)}`);
  invariant(
    canonicalText(parsed.data) === canonicalText(answer),
    `${operationId} answers a field that it does not declare`,
  );
  return JSON.stringify(answer);
}

const issuesOf = (parsed: ReturnType<NonNullable<Operation['success']['schema']>['safeParse']>, answer: unknown) =>
  parsed.success ? '' : explainIssues(parsed.error, answer);
