// The document that tells of every reason: our word, the words of each generation, our sentence, what to do about it.

import {
  FAILURE_REASONS,
  type FailureReason,
  NOT_JUDGED,
  REJECT_REASONS,
  type RejectReason,
  RULES,
  type Rule,
  WAIT_REASONS,
  type WaitReason,
  WHAT_TO_DO,
} from '../src/campaigns/index.ts';
import { DEVICE_LITERALS, type DeviceLiteral, type DeviceLiteralKey, type Literal } from '../src/contract/index.ts';

type Reasoned = `waiting.${WaitReason}` | `rejected.${RejectReason}` | `failed.${FailureReason}`;

/** The compiler refuses this while a reason has no row, or a row has no reason. */
const TO_DO: Readonly<Record<DeviceLiteralKey, string>> = WHAT_TO_DO;
const LITERALS: Readonly<Record<keyof typeof WHAT_TO_DO, DeviceLiteral>> = DEVICE_LITERALS;

/** A state without a reason of its own is told by the rule that led to it; these are the usual ones. */
const LEADING_RULES: Readonly<Record<Exclude<DeviceLiteralKey, Reasoned | 'intake'>, readonly Rule[]>> = {
  offered: ['update.offered'],
  downloading: ['update.transfer-granted'],
  downloaded: ['update.downloaded'],
  installing: ['update.executing', 'update.install-shown'],
  verifying: ['update.reported-installed'],
  succeeded: ['update.verified', 'update.verified-restart', 'update.verified-reported'],
  expired: ['update.campaign-ended'],
  'expired.downloaded': ['update.campaign-ended'],
  cancelled: ['update.campaign-cancelled'],
  aborted: ['update.campaign-aborted'],
};

/** Every key by itself, so that the compiler sees that each has its sentence. */
const SENTENCES: Readonly<Record<DeviceLiteralKey, string>> = {
  intake: NOT_JUDGED,
  ...prefixed('waiting', WAIT_REASONS),
  ...prefixed('rejected', REJECT_REASONS),
  ...prefixed(
    'failed',
    mapped(FAILURE_REASONS, ({ text }) => text),
  ),
  ...mapped(LEADING_RULES, (rules) => rules.map((rule) => RULES[rule]).join('<br>')),
};

export function reasonsDocument(): string {
  return `<!-- Written by \`npm run generate\` from src/campaigns and src/contract. Do not edit. -->

# Reasons

Why a device waits, was rejected or has failed, in every language that the server speaks. The first column is what the operator API,
the command line and the ledger say (\`intake\`: accepted with the request, not yet looked at). The next three are \`status\` and, in
italics, \`resultReason\` (in device histories \`reason\`) of \`/api/fota\`: the documented words of the original service where it has any,
else plain ones. The sentence is told beside them as \`reasonText\`, often with what the device said.

- A reason with a dash has two forms: the second one is used when the instants in its braces are known.
- A state without a reason of its own is told by the rule that led to it; the usual ones are shown.
- \`expired.downloaded\` is the state \`expired\` of a device that already had the whole image.

| reason | v1 | v2 | v3 | sentence | what to do |
|---|---|---|---|---|---|
${(Object.keys(DEVICE_LITERALS) as DeviceLiteralKey[]).map(row).join('\n')}
`;
}

function row(key: DeviceLiteralKey): string {
  const { v1, v2, v3 } = LITERALS[key];
  return `| \`${key}\` | ${[...[v1, v2, v3].map(words), SENTENCES[key], TO_DO[key]].join(' | ')} |`;
}

function words({ status, reason, timed }: Literal<string>): string {
  const forms = [reason, timed].filter((form) => form !== undefined && form !== '');
  return [`\`${status}\``, ...(forms.length === 0 ? [] : [`*${forms.join(' – ')}*`])].join('<br>');
}

function prefixed<Prefix extends string, Name extends string>(
  prefix: Prefix,
  table: Readonly<Record<Name, string>>,
): Record<`${Prefix}.${Name}`, string> {
  const entries = Object.entries(table).map(([name, text]) => [`${prefix}.${name}`, text]);
  return Object.fromEntries(entries) as Record<`${Prefix}.${Name}`, string>;
}

function mapped<Name extends string, Value>(
  table: Readonly<Record<Name, Value>>,
  change: (value: Value) => string,
): Record<Name, string> {
  const entries = Object.entries<Value>(table).map(([name, value]) => [name, change(value)]);
  return Object.fromEntries(entries) as Record<Name, string>;
}
