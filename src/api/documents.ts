// The API's own description: OpenAPI documents, and a plain reference page made from them.
import type { FastifyInstance, FastifyReply } from 'fastify';
import { type OpenApiDocument, openApiDocuments } from '../contract/index.ts';
import type { ApiParts } from './ports.ts';

const STYLE = `body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem; }
table { border-collapse: collapse; width: 100%; }
td, th { text-align: left; vertical-align: top; padding: .3rem .6rem; border-bottom: 1px solid #ccc; }
code { font-family: ui-monospace, monospace; }
`;

export function registerDocuments(app: FastifyInstance, { version, publicHttpUrl }: ApiParts): void {
  const documents = Object.entries(openApiDocuments(version));
  const index = {
    openapi: documents.map(([family, { info }]) => ({
      family,
      title: info.title,
      url: `${publicHttpUrl}/openapi/${family}.json`,
    })),
  };
  for (const [family, document] of documents) {
    const text = JSON.stringify({ ...document, servers: [{ url: publicHttpUrl }] });
    app.get(`/openapi/${family}.json`, (_request, reply) => send(reply, 'application/json', text));
  }
  app.get('/openapi.json', (_request, reply) => send(reply, 'application/json', JSON.stringify(index)));
  const page = referencePage(documents);
  app.get('/docs', (_request, reply) => send(reply, 'text/html', page));
  app.get('/docs/style.css', (_request, reply) => send(reply, 'text/css', STYLE));
}

const send = (reply: FastifyReply, type: string, text: string): FastifyReply =>
  reply.header('content-type', `${type}; charset=utf-8`).header('x-content-type-options', 'nosniff').send(text);

function referencePage(documents: readonly (readonly [string, OpenApiDocument])[]): string {
  const sections = documents.map(([family, document]) => section(family, document));
  return `<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>Campanile API</title><link rel="stylesheet" href="/docs/style.css"></head>
<body>
<h1>Campanile API</h1>
${sections.join('\n')}
</body>
</html>
`;
}

interface Described {
  readonly operationId?: string;
  readonly summary?: string;
}

function section(family: string, { info, paths }: OpenApiDocument): string {
  const rows = Object.entries(paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => row(method, path, operation as Described)),
  );
  return `<h2>${escaped(info.title)}</h2>
<p><a href="/openapi/${family}.json">OpenAPI document</a></p>
<table>
<tr><th>Call</th><th>What it does</th><th>Name</th></tr>
${rows.join('\n')}
</table>`;
}

const row = (method: string, path: string, { operationId = '', summary = '' }: Described): string =>
  `<tr><td><code>${method.toUpperCase()} ${escaped(path)}</code></td><td>${escaped(summary)}</td><td><code>${escaped(operationId)}</code></td></tr>`;

const ESCAPES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => ESCAPES[sign] ?? sign);
