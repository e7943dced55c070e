// The one client of the console: the operator API of the server that served this page, in the session of this browser.

import { OperatorClient } from '../sdk/operator.ts';

export const client = new OperatorClient({ baseUrl: window.location.origin, retriesMax: 1 });
