// The routes of the server itself: whether it lives, whether it is ready, its figures.
import type { FastifyInstance } from 'fastify';
import type { Metrics } from './metrics.ts';

export interface OwnRoutes {
  readonly metrics: Metrics;
  readonly isReady: () => boolean;
  readonly version: string;
}

export function registerOwnRoutes(app: FastifyInstance, { metrics, isReady, version }: OwnRoutes): void {
  app.addHook('onResponse', (request, reply, done) => {
    const route = request.routeOptions.url ?? '(unknown)';
    metrics.answered(route, request.method, reply.statusCode, reply.elapsedTime / 1_000);
    done();
  });
  app.get('/healthz', () => ({ status: 'alive', version }));
  app.get('/readyz', (_request, reply) => {
    const ready = isReady();
    return reply.code(ready ? 200 : 503).send({ status: ready ? 'ready' : 'not ready' });
  });
  app.get('/metrics', async (_request, reply) => {
    const { type, text } = await metrics.read();
    return reply.header('content-type', type).send(text);
  });
}
