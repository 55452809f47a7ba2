import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { LoadName } from '../operations.ts';
import { answerFull } from './full.ts';
import { answerMain, type Clients, type DayBookVariables } from './main.ts';
import { subgraphClient } from './subgraph-client.ts';

/** What a good developer would write for just these two queries, without GraphQL: the least a gateway on Node could cost. */
const addresses = JSON.parse(process.argv[2] ?? '{}') as Record<keyof Clients, string>;
const clients: Clients = {
  visits: subgraphClient(addresses.visits),
  clinics: subgraphClient(addresses.clinics),
  patients: subgraphClient(addresses.patients),
  bills: subgraphClient(addresses.bills),
};
const ANSWERS = { main: answerMain, full: answerFull };

async function answer(body: Buffer): Promise<string> {
  const { operationName, variables } = JSON.parse(body.toString('utf8')) as {
    operationName: LoadName;
    variables: DayBookVariables;
  };
  return JSON.stringify({ data: await ANSWERS[operationName](clients, variables) });
}

const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    answer(chunks.length === 1 ? (chunks[0] as Buffer) : Buffer.concat(chunks)).then(
      (text) => {
        const body = Buffer.from(text);
        response.writeHead(200, { 'content-type': 'application/json; charset=utf-8', 'content-length': body.length });
        response.end(body);
      },
      (error: Error) => {
        response.writeHead(500, { 'content-type': 'text/plain' });
        response.end(error.message);
      },
    );
  });
});
server.listen(0, '127.0.0.1', () => {
  const { port } = server.address() as AddressInfo;
  process.stdout.write(`${JSON.stringify({ msg: 'ready', url: `http://127.0.0.1:${port}` })}\n`);
});
process.on('SIGTERM', () => process.exit());
