// The operator's operations that tell what would become of a campaign, as data; they store nothing.

import type { Operation } from './operation.ts';
import { OperatorAccountParams, OperatorCampaignParams } from './operator.ts';
import { FOR_VIEWERS } from './roles.ts';
import { LivePrediction, PredictionView, SimulatedCampaign, SimulatedChange } from './simulation.ts';

const SIMULATING = { ...FOR_VIEWERS, tag: 'Simulate', method: 'POST' } as const;
const ACCOUNT = '/operator/v1/accounts/{accountName}';

export const SIMULATION_OPERATIONS = {
  simulateOrder: {
    ...SIMULATING,
    operationId: 'simulateOrder',
    summary: 'Tell what would become of a campaign with this body: when it is finished, who is not updated and why.',
    path: `${ACCOUNT}/simulate`,
    params: OperatorAccountParams,
    body: { media: 'json', schema: SimulatedCampaign, bytesMax: 'scheduleBodyBytesMax' },
    success: { status: 200, schema: PredictionView },
  },
  simulateCampaign: {
    ...SIMULATING,
    operationId: 'simulateCampaign',
    summary:
      'Tell what becomes of a campaign from where it stands; with other dates, windows or pace also what changes.',
    path: `${ACCOUNT}/campaigns/{campaignId}/simulate`,
    params: OperatorCampaignParams,
    body: { media: 'json', schema: SimulatedChange, bytesMax: 'bodyBytesMax', optional: true },
    success: { status: 200, schema: LivePrediction },
  },
} as const satisfies Record<string, Operation>;
