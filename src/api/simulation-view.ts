// A prediction as the operator API answers it.
import { type Prediction, REJECT_REASONS, rfc3339, type Spread, type TrafficOf } from '../campaigns/index.ts';
import type { PredictionView } from '../contract/index.ts';

const spreadView = ({ p50, p90, basis }: Spread) => ({ p50: rfc3339(p50), p90: rfc3339(p90), basis });
const hoursView = (hours: TrafficOf['hours']) => hours.map(({ from, ...rest }) => ({ from: rfc3339(from), ...rest }));
const trafficView = ({ name, hours }: TrafficOf) => ({ name, hours: hoursView(hours) });

export function predictionView(told: Prediction): PredictionView {
  const { finish, halfDone, firstInstall, hold, sampled } = told;
  return {
    at: rfc3339(told.at),
    plays: told.plays,
    devices: told.devices,
    ...(sampled === undefined ? {} : { sampled: { ...sampled } }),
    ...(finish === undefined ? {} : { finish: spreadView(finish) }),
    ...(halfDone === undefined ? {} : { halfDone: spreadView(halfDone) }),
    succeeded: { ...told.succeeded },
    failed: { ...told.failed },
    late: told.late.map((one) => ({ ...one, named: [...one.named] })),
    refused: told.refused.map((one) => ({
      ...one,
      reasonText: REJECT_REASONS[one.reason],
      named: [...one.named],
    })),
    hours: hoursView(told.hours),
    labels: told.labels.map(trafficView),
    strata: told.strata.map(trafficView),
    trafficBasis: told.trafficBasis,
    ...(firstInstall === undefined ? {} : { firstInstall: { ...firstInstall, at: rfc3339(firstInstall.at) } }),
    steps: told.steps.map(({ kind, devices, opens }) => ({
      kind,
      devices,
      ...(opens === undefined ? {} : { opens: spreadView(opens) }),
    })),
    ...(hold === undefined ? {} : { hold: { kind: hold.kind, reason: hold.reason, since: rfc3339(hold.since) } }),
    inputs: told.inputs.map((one) => ({ ...one })),
    notes: [...told.notes],
  };
}
