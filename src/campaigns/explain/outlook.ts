// When it goes on: the same judgements that decide, asked for later instants, until one of the device's contacts passes.
import { holdBack } from '../offer.ts';
import { mayInstall, type Permit } from '../permits.ts';
import { nextRolloutLook, openStep, stepOf } from '../rollout.ts';
import type { Rule } from '../rules.ts';
import type { Instant } from '../time.ts';
import { transferPermit } from '../transfer.ts';
import type { Snapshot } from '../input.ts';
import { EXPLAIN_LIMITS } from './explanation.ts';
import { contactFrom, momentAt, type Sight } from './sight.ts';
